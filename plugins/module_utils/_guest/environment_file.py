# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Lossless model of /etc/environment: one assignment a line, as pam_env reads it, which is not a shell."""

import re

_LINE = re.compile(r"(?P<head>\s*(?:export\s+)?)(?P<name>[^\s=#]+)=(?P<value>[^#]*)")


class EnvironmentFile:
    """The lines of one file; edits leave every other line byte for byte."""

    def __init__(self, data):
        self._lines = (data or b"").decode("utf-8", "surrogateescape").split("\n")

    @property
    def data(self):
        return "\n".join(self._lines).encode("utf-8", "surrogateescape")

    def get(self, name):
        """Return the value in force, the last one, without quotes; None when there is none."""
        places = self._places(name)
        return _value(self._lines[places[-1]]) if places else None

    def set(self, name, value):
        """Give the name one value; the quotes that its line had are kept."""
        places = self._places(name)
        if not places:
            self._append("{}={}".format(name, value))
            return
        last = self._lines[places[-1]]
        if _value(last) != value:
            found = _LINE.match(last)
            quote = found.group("value").strip()[:1]
            quote = quote if quote in ("'", '"') else ""
            self._lines[places[-1]] = "{}{}={}{}{}".format(found.group("head"), name, quote, value, quote)
        for place in reversed(places[:-1]):
            del self._lines[place]

    def unset(self, name):
        """Remove every assignment of the name."""
        for place in reversed(self._places(name)):
            del self._lines[place]

    def _places(self, name):
        matches = [_LINE.match(line) for line in self._lines]
        return [n for n, found in enumerate(matches) if found and found.group("name") == name]

    def _append(self, line):
        if self._lines[-1] == "":
            self._lines.insert(len(self._lines) - 1, line)
        else:
            self._lines.extend([line, ""])


def _value(line):
    value = _LINE.match(line).group("value").strip()
    if value[:1] in ("'", '"'):
        return value[1:].rstrip(value[0]) if value.endswith(value[0]) else value[1:]
    return value
