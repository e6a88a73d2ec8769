# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""waagent.conf as its two readers see it: the agent, and the snapshot extension with a stricter parser of its own."""

from . import waagent_keys

BOM = "\ufeff"


class NotParsed(Exception):
    """A reader gives up on the whole file. ``line`` is the line number it stumbles over, or None."""

    def __init__(self, reason, line=None):
        Exception.__init__(self, reason)
        self.line = line


class Entry(object):
    """One assignment as a reader takes it. ``value`` is None for the word None: the agent's default applies."""

    def __init__(self, key, value, line, raw):
        self.key, self.value, self.line, self.raw = key, value, line, raw


def agent_reads(line):
    """``(key, value)`` as the agent reads a line, None when the line says nothing to it."""
    if line.startswith("#") or "=" not in line:
        return None
    key, _mark, rest = line.partition("=")
    return key.strip(), rest.split("#")[0].strip('" ').strip()


def extension_reads(line):
    """``(key, value)`` as the snapshot extension reads a line, None for no statement; IndexError as it raises it.

    It takes the first word of the line and splits that at every equals sign.
    """
    if line.startswith("#") or "=" not in line:
        return None
    parts = line.split()[0].split("=")
    return parts[0], parts[1].strip('" ')


def agent_entries(data):
    """The assignments in ``data`` (bytes) as today's agent reads them, in order; the last one of a key counts.

    Raises NotParsed where the agent ends with an error.
    """
    if not data:
        raise NotParsed("the file is empty")
    entries = []
    for number, line in enumerate(_text(data).split("\n"), 1):
        pair = agent_reads(line)
        if pair:
            entries.append(Entry(pair[0], _none(pair[1]), number, line))
    return entries


def extension_entries(data):
    """The assignments as the snapshot extension reads them.

    Raises NotParsed where it stumbles: it then drops the whole file and goes on as if there were none.
    """
    entries = []
    for number, line in enumerate(_text(data).replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        try:
            pair = extension_reads(line)
        except IndexError as error:
            raise NotParsed("the first word of the line holds no equals sign", number) from error
        if pair:
            entries.append(Entry(pair[0], _none(pair[1]), number, line))
    return entries


def _text(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotParsed("no UTF-8 text", data.count(b"\n", 0, error.start) + 1) from error


def _none(value):
    return None if value == "None" else value


def last(entries):
    """The entry that counts for each key."""
    return {entry.key: entry for entry in entries}


def effective(entries, key):
    """``(value, entry)`` that the agent uses for ``key``: typed, its default where the file sets nothing usable.

    ``entry`` is None where the default applies because no line sets the key.
    """
    entry = last(entries).get(key)
    return waagent_keys.typed(key, None if entry is None else entry.value), entry
