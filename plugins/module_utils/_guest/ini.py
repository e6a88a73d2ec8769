# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Files that the snapshot extension reads with Python's ConfigParser, which takes a file whole or not at all.

Written out here for two reasons: an edit has to know the lines of each option, and the library's own expressions take
hours for a hostile line.
"""

import re

DEFAULT = "DEFAULT"
"""The section whose options every other section has, too."""

MAX_DEPTH, MAX_VALUE = 10, 1 << 16

_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_SECTION = re.compile(r"\[(.+)\]")
_REFERENCE = re.compile(r"%(?:(%)|\(([^)]+)\)s|)")


class Option(object):
    """One option: the lines of its value, and where it stands: ``first`` to before ``last``, counted from 0."""

    def __init__(self, section, key, value, first, indent):
        self.section, self.key, self.name, self.values = section, key, key.lower(), [value]
        self.first, self.last, self.indent = first, first + 1, indent

    @property
    def value(self):
        return "\n".join(self.values).rstrip()


class Ini(object):
    """What one file says. ``error``: why the extension cannot read it, and takes none of its options; None otherwise.

    Names of options do not care for case, names of sections do.
    """

    def __init__(self, data):
        text = (data or b"").decode("utf-8", "surrogateescape")
        self.lines = _LINE.findall(text)
        self.options, self.sections, self.stray, self.error = [], [], [], None
        """``sections``: (line, name). ``stray``: lines that are no option."""
        if re.search("[\udc80-\udcff]", text):
            self._fail("not UTF-8 text")
        self._read()

    def _fail(self, reason, number=None):
        # Never with the text itself, which may be anything.
        self.error = self.error or (reason if number is None else "line {0}: {1}".format(number + 1, reason))

    def _read(self):
        section, option, indent, seen = None, None, 0, set()
        for number, line in enumerate(self.lines):
            text = line.strip()
            if text[:1] in ("", "#", ";"):
                if option and not text:
                    option.values.append("")
                continue
            depth = len(line) - len(line.lstrip())
            if option and depth > indent:
                option.values.append(text)
                option.last = number + 1
                continue
            indent = depth
            header = _SECTION.match(text)
            if header:
                section, option = header.group(1), None
                self._note(section, seen, number, "a section", section != DEFAULT)
                self.sections.append((number, section))
                continue
            if section is None:
                self._fail("no section is open here", number)
            name, mark, value = _split(text)
            if not name or not mark:
                # The option before it goes on behind it, when there is no equals sign.
                option = None if mark else option
                self._fail("neither an option nor a section", number)
                self.stray.append(number)
                continue
            self._note((section, name.lower()), seen, number, "an option")
            option = Option(section, name, value, number, indent)
            self.options.append(option)

    def _note(self, what, seen, number, words, once=True):
        if what in seen and once:
            self._fail(words + " for the second time", number)
        seen.add(what)

    def has(self, section):
        return any(name == section for _number, name in self.sections)

    def values(self, section):
        """What the extension takes from a section, by lower-case name; nothing when it cannot read the file."""
        return dict(self._taken(section))

    def unreadable(self, section):
        """Names of the options of a section whose value cannot be read, because of a per cent sign; others can."""
        taken = self.values(section)
        return [] if self.error else sorted(set(self.raw(section)) - set(taken))

    def _taken(self, section):
        raw = {} if self.error else self.raw(section)
        for name in raw:
            try:
                yield name, filled(raw[name], raw)
            except ValueError:
                continue

    def raw(self, section):
        if not self.has(section):
            return {}
        shared = {option.name: option.value for option in self.options if option.section == DEFAULT}
        shared.update((option.name, option.value) for option in self.options if option.section == section)
        return shared


def _split(text):
    """``(name, mark, value)`` of a line, at its first equals sign or colon."""
    at = min([place for place in (text.find("="), text.find(":")) if place >= 0] or [len(text)])
    return text[:at].rstrip(), text[at : at + 1], text[at + 1 :].strip()


def filled(value, raw):
    """A value with its references filled in; raises ValueError where ConfigParser does, and for one without bound."""
    left = [MAX_VALUE]

    def fill(text, depth):
        if depth > MAX_DEPTH:
            raise ValueError("references without an end")
        return _REFERENCE.sub(lambda found: refer(found, depth), text)

    def refer(found, depth):
        if found.group(1):
            return "%"
        name = (found.group(2) or "").lower()
        if name not in raw:
            raise ValueError("a per cent sign that begins no reference")
        filled = fill(raw[name], depth + 1) if "%" in raw[name] else raw[name]
        left[0] -= 1 + len(filled)
        if left[0] < 0:
            raise ValueError("the value grows without a bound")
        return filled

    return fill(value, 1)
