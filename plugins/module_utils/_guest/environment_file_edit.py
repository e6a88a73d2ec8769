# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Lossless edits of /etc/environment: what pam_env reads afterwards is what it read before, but for the one name."""

from .environment_file import assignments, values
from .errors import Refused


class EnvironmentFile:
    """The lines of one file; edits leave every other line byte for byte."""

    def __init__(self, data):
        self._lines = (data or b"").decode("utf-8", "surrogateescape").split("\n")

    @property
    def data(self):
        return "\n".join(self._lines).encode("utf-8", "surrogateescape")

    def values(self):
        """Return all variables that the file sets."""
        return values(assignments(self._lines))

    def get(self, name):
        """Return the value in force, None when there is none."""
        return self.values().get(name)

    def set(self, name, value):
        """Give the name one value; the quotes and the place that its line had are kept. Raises Refused."""
        if self._places(name) and self.get(name) == value:
            self._lines = self._without(name, keep_last=True)
            return
        wanted = dict(self.values(), **{name: value})
        for lines in self._candidates(name, value) if "\n" not in value else ():
            if values(assignments(lines)) == wanted:
                self._lines = lines
                return
        raise Refused("pam_env would not read {} as intended".format(name))

    def unset(self, name):
        """Remove every assignment of the name."""
        self._lines = self._without(name)

    def _places(self, name):
        return [found for found in assignments(self._lines) if found.name == name]

    def _candidates(self, name, value):
        """The lines with the value in the place where it stands, at the end, or where nothing stands before it."""
        places = self._places(name)
        plain = "{}={}".format(name, value)
        if places:
            first, last = places[-1].first, places[-1].last
            head, _mark, tail = self._lines[first].partition("=")
            quote = tail[:1] if tail[:1] in ("'", '"') and "=" in self._lines[first] else ""
            head = head if head.strip().split(" ")[-1:] == [name] else name
            after = self._without(name, keep_last=True)
            at = first - (len(self._lines) - len(after))
            kept = _comments(self._lines[first:last]) + _remark(self._lines[last - 1])
            for text in ("{0}={1}{2}{1}".format(head, quote, value), plain):
                yield after[:at] + kept + [text] + after[at + last - first :]
        rest = self._without(name)
        end = len(rest) - 1 if rest[-1] == "" else len(rest)
        yield rest[:end] + [plain, ""]
        yield [plain] + rest

    def _without(self, name, keep_last=False):
        lines = list(self._lines)
        places = self._places(name)
        for place in reversed(places[:-1] if keep_last else places):
            lines[place.first : place.last] = _comments(lines[place.first : place.last])
        return lines


def _comments(lines):
    """The lines of comments between the lines of one statement."""
    return [line for line in lines if line.strip(" \t").startswith("#")]


def _remark(line):
    """The comment behind a statement, as a line of its own."""
    statement, mark, comment = line.partition("#")
    return ["# " + comment.strip()] if mark and statement.strip() else []
