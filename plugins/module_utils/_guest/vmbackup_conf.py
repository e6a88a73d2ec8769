# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Lossless model of /etc/azure/vmbackup.conf, which the snapshot extension reads with ConfigParser.

Any error makes the extension fall back to its defaults without a word, so that every edit is read back
by the same parser.
"""

import configparser
import re

from . import parse_errors
from .vmbackup_keys import MAIN_SECTION

_SECTION = re.compile(r"\[(?P<name>[^]]+)\]")
_OPTION = re.compile(r"(?P<key>[^=:\s][^=:]*?)\s*[=:]\s*(?P<value>.*)")


class VmbackupConf:
    """The lines of one file; names of options do not care for case, names of sections do."""

    def __init__(self, data):
        text = (data or b"").decode("utf-8", "surrogateescape")
        self._lines = text.split("\n")

    @property
    def data(self):
        return "\n".join(self._lines).encode("utf-8", "surrogateescape")

    def error(self):
        """Return why ConfigParser gives the file up, None when it reads it."""
        try:
            parser = _parse("\n".join(self._lines))
            for section in parser.sections():
                parser.items(section)
        except (configparser.Error, UnicodeError) as error:
            return parse_errors.plain(error)
        return None

    def values(self, section=MAIN_SECTION):
        """Return what the extension takes from a section, by lower-case name; empty on any error."""
        try:
            parser = _parse("\n".join(self._lines))
            return dict(parser.items(section)) if parser.has_section(section) else {}
        except (configparser.Error, UnicodeError):
            return {}

    def set(self, section, key, value):
        """Give an option its value, in its place or at the end of its section."""
        line = "{} = {}".format(key, value.replace("%", "%%"))
        for first, last, _text in self._options(section, key):
            if self.values(section).get(key.lower()) != value:
                self._lines[first:last] = [line]
            return
        start, end = self._section(section)
        if start is None:
            while self._lines and not self._lines[-1].strip():
                self._lines.pop()
            self._lines += ([""] if self._lines else []) + ["[{}]".format(section), line, ""]
            return
        while end > start + 1 and not self._lines[end - 1].strip():
            end -= 1
        self._lines.insert(end, line)
        if end + 1 == len(self._lines):
            self._lines.append("")

    def unset(self, section, key):
        """Remove an option with the lines that continue its value."""
        for first, last, _text in reversed(self._options(section, key)):
            del self._lines[first:last]

    def normalize(self):
        """Make ConfigParser read the file: one section a name, one option a name, no stray lines.

        Of equal options the last one stays. Options before the first section move into the main one;
        lines that say nothing become comments.
        """
        if self.error() is None:
            return
        head, sections = [], {}
        current = None
        for line in "\n".join(self._lines).lstrip("\ufeff").replace("\r", "").split("\n"):
            found = _SECTION.match(line)
            if found:
                current = found.group("name")
                sections.setdefault(current, {"comments": [], "options": {}})
            elif not line.strip() or line.lstrip()[0] in "#;":
                (sections[current]["comments"] if current else head).append(line)
            else:
                target = sections.setdefault(current or MAIN_SECTION, {"comments": [], "options": {}})
                _sort_in(target, line)
        self._lines = _trimmed(head)
        for name in sections:
            self._lines += ["[{}]".format(name)] + _trimmed(sections[name]["comments"])
            self._lines += list(sections[name]["options"].values()) + [""]

    def _section(self, name):
        start = end = None
        for number, line in enumerate(self._lines):
            found = _SECTION.match(line)
            if found and start is not None:
                return start, number
            if found and found.group("name") == name:
                start = number
            end = number + 1
        return start, end

    def _options(self, section, key):
        start, end = self._section(section)
        found = []
        number = end if start is None else start + 1
        while number < end:
            match = _OPTION.match(self._lines[number])
            last = number + 1
            if match and match.group("key").strip().lower() == key.lower() and self._lines[number][0] not in "#;":
                while last < end and self._lines[last][:1] in (" ", "\t") and self._lines[last].strip():
                    last += 1
                found.append((number, last, match.group("value")))
            number = last
        return found


def _parse(text):
    parser = configparser.ConfigParser()
    text.encode("utf-8")  # the extension opens it as text: a stray byte is an error there too
    parser.read_string(text)
    return parser


def _sort_in(target, line):
    found = _OPTION.match(line.strip())
    if not found:
        target["comments"].append("# " + line.strip())
        return
    key, value = found.group("key").strip(), found.group("value").strip()
    # A per cent sign begins a reference for this parser, and an unfinished one spoils the file.
    value = re.sub(r"%(?![%(])", "%%", value.replace("%%", "%"))
    target["options"].pop(key.lower(), None)
    target["options"][key.lower()] = "{} = {}".format(key, value)


def _trimmed(lines):
    return [line for number, line in enumerate(lines) if line.strip() or number + 1 < len(lines)]
