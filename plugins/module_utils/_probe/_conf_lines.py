# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What is unusual about single lines of waagent.conf."""

import re

from .._guest.masking import MASK
from .._guest.waagent_keys import DEFAULTS, INTEGER, KEYS, PORT, SWITCH, is_known
from .._guest.waagent_syntax import BOM

MAX_REMARKS = 60
NAME = re.compile(r"\ufeff?#*\s*[\w.-]{0,64}\Z")


def remarks(text, entries):
    """A list of ``{kind, key, value, line}`` in the order of the file, at most MAX_REMARKS."""
    found = []
    for entry in entries:
        for kind in _kinds(entry):
            # The text of a key that nobody knows may be anything, a secret too.
            value = entry.value if is_known(entry.key) else None
            found.append({"kind": kind, "key": shown(entry.key), "value": value, "line": entry.line})
    found.extend(_duplicates(entries))
    if text.startswith(BOM):
        found.append({"kind": "byte_order_mark", "key": None, "value": None, "line": 1})
    return sorted(found, key=lambda remark: (remark["line"], remark["kind"]))[:MAX_REMARKS]


def shown(key):
    """A key as it may leave the guest: before the equals sign of a line that is none may be anything."""
    return key if NAME.match(key) else MASK


def _kinds(entry):
    """The kinds of remark that the line of one entry deserves."""
    line = entry.raw
    stripped = line.lstrip()
    if stripped.startswith("#"):
        return ["indented_comment"]
    key_part, _mark, rest = line.partition("=")
    kinds = []
    if line != stripped:
        kinds.append("indented")
    if key_part != key_part.rstrip() or rest[:1] in (" ", "\t"):
        kinds.append("blanks_around_equals")
    if "#" in rest:
        kinds.append("inline_comment")
    if "=" in rest.split("#")[0]:
        kinds.append("equals_in_value")
    value = entry.value or ""
    if value.endswith('"') and line.endswith("\r"):
        kinds.append("quote_before_carriage_return")
    elif "'" in value or '"' in value:
        kinds.append("quotes_kept")
    kinds.extend(_unusable(entry.key, entry.value))
    return kinds


def _unusable(key, value):
    if not is_known(key):
        return ["unknown_key"]
    kind = KEYS.get(key) if key in DEFAULTS and value is not None else None
    if kind == SWITCH and value.lower() not in ("y", "n"):
        return ["not_y_or_n"]
    if kind in (INTEGER, PORT) and not _is_integer(value):
        return ["not_an_integer"]
    return []


def _is_integer(value):
    try:
        int(value)
    except ValueError:
        return False
    return True


def _duplicates(entries):
    """The line that counts of every key that is set more than once to different values."""
    values = {}
    for entry in entries:
        values.setdefault(entry.key, []).append(entry)
    return [
        {
            "kind": "duplicate",
            "key": shown(key),
            "value": same[-1].value if is_known(key) else None,
            "line": same[-1].line,
            "other_lines": [entry.line for entry in same[:-1]],
        }
        for key, same in values.items()
        if len(set(entry.value for entry in same)) > 1
    ]
