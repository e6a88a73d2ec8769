# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""/etc/environment as pam_env reads it, which is not a shell: all of a line that is one, and none that is not."""

import collections
import re

PATH = "/etc/environment"
MAX_LINE = 8192
"""A longer line ends the reading, and so does one with a NUL."""

Assignment = collections.namedtuple("Assignment", "name value first last")
Assignment.__doc__ = "``value`` is None where the name stands alone: it takes the variable away. Lines count from 0."

_NAME = re.compile(r"[A-Za-z0-9_]+\Z")


def assignments(lines):
    """What the lines of a file say, in order; of a name the last one counts."""
    found, pending, first = [], "", None
    for number, line in enumerate(lines):
        if "\0" in line or len((pending + line).encode("utf-8", "surrogateescape")) + 2 > MAX_LINE:
            break
        if line.strip(" \t")[:1] in ("", "#"):
            # It says nothing, and does not end a statement that goes on.
            continue
        first = number if first is None else first
        text, comment, _rest = line.partition("#")
        begun = text.rstrip(" \t")
        if not comment and begun.endswith("\\"):
            pending += begun[:-1]
            continue
        found.extend(_assignment(pending + text, first, number + 1))
        pending, first = "", None
    return found


def _assignment(text, first, last):
    text = text.lstrip(" \t")
    name, mark, value = text[len("export ") if text.startswith("export ") else 0 :].partition("=")
    if _NAME.match(name):
        yield Assignment(name, _unquoted(value) if mark else None, first, last)


def _unquoted(value):
    """The value without its first quote and without a quote at its very end, of whichever kind; others stay."""
    if value[:1] not in ("'", '"'):
        return value
    return value[1:-1] if len(value) > 1 and value[-1] in "'\"" else value[1:]


def values(found):
    """Names and values of assignments as they end up."""
    taken = {}
    for assignment in found:
        taken.pop(assignment.name, None)
        if assignment.value is not None:
            taken[assignment.name] = assignment.value
    return taken
