# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Lossless edits of files such as vmbackup.conf: afterwards all is read as before, but for the one option."""

import re

from .errors import Refused
from .ini import DEFAULT, Ini, filled
from .vmbackup_keys import MAIN_SECTION


class EditedIni(Ini):
    """The lines of one file; edits leave every other line byte for byte."""

    @property
    def data(self):
        return "".join(self.lines).encode("utf-8", "surrogateescape")

    def set(self, section, key, value):
        """Give an option its value, in its place or at the end of its section. Raises Refused."""
        if self.values(section).get(key.lower()) == value:
            return
        before, written = self._said(), value.replace("%", "%%")
        readable = self.error is None
        self._take(self._with(section, key, "{} = {}".format(key, written)))
        if readable and (self.error or self._said() != dict(before, **{section + "\0" + key.lower(): written})):
            raise Refused("the extension would not read {} as intended".format(key))

    def unset(self, section, key):
        """Remove an option with the lines that continue its value."""
        self._take(self._without(section, key))

    def normalize(self):
        """Make the extension read the file, and every option in it.

        A file that it cannot read has each section and each option once afterwards, of equal options the last; options
        before the first section are of the main one; lines that say nothing are comments. A value that it cannot read
        is taken by the letter.
        """
        if self.error:
            text = re.sub("[\udc80-\udcff]", lambda found: chr(ord(found.group()) - 0xDC00), "".join(self.lines))
            self._take([text.lstrip("\ufeff")])
        if self.error:
            self._take(self._tidied())
        # First what is wrong by itself: what only refers to it can be read then.
        for itself in (True, False):
            for section in sorted({name for _line, name in self.sections}):
                for name in self.unreadable(section):
                    if not itself or self._is_wrong(section, name):
                        self._take_by_the_letter(section, name)

    def _take(self, lines):
        Ini.__init__(self, "".join(lines).encode("utf-8", "surrogateescape"))

    def _said(self):
        return {"\0".join((str(option.section), option.name)): option.value for option in self.options}

    def _places(self, section, key):
        return [option for option in self.options if (option.section, option.name) == (section, key.lower())]

    def _without(self, section, key, keep_last=False):
        lines, places = list(self.lines), self._places(section, key)
        for place in reversed(places[:-1] if keep_last else places):
            lines[place.first : place.last] = _comments(lines[place.first : place.last])
        return lines

    def _with(self, section, key, text):
        places = self._places(section, key)
        if places:
            lines, last = self._without(section, key, keep_last=True), places[-1]
            at = last.first - (len(self.lines) - len(lines))
            old = lines[at : at + last.last - last.first]
            lines[at : at + len(old)] = _comments(old) + [_indent(old[0]) + text + _end(old[-1])]
            return lines
        if not self.has(section):
            lines = _ended(self.lines)
            gap = ["\n"] if lines and lines[-1].strip() else []
            return lines + gap + ["[{}]\n".format(section), text + "\n"]
        at = 1 + max(number for number, name in self.sections if name == section)
        at = max([at] + [option.last for option in self.options if option.section == section])
        # What follows must not become a part of the new value: that is as deep as the next statement.
        following = next((line for line in self.lines[at:] if not _says_nothing(line)), "")
        lines = _ended(self.lines[:at])
        return lines + [_indent(following) + text + _end(lines[-1])] + self.lines[at:]

    def _tidied(self):
        """Lines that the extension can read, section by section, from a file that it cannot."""
        pieces = {"": []}
        last = {(option.section or MAIN_SECTION, option.name): option for option in self.options}
        begins, section, inside = dict(self.sections), "", {}
        for option in self.options:
            inside.update(dict.fromkeys(range(option.first, option.last), option))
        for number, line in enumerate(self.lines):
            option = inside.get(number)
            if number in begins:
                section = begins[number]
                pieces.setdefault(section, [])
            elif line.strip()[:1] in ("#", ";"):
                pieces[section].append(line.strip())
            elif number in self.stray:
                pieces[section].append("# " + line.strip())
            elif option and number == option.first and option is last[option.section or MAIN_SECTION, option.name]:
                pieces.setdefault(section or MAIN_SECTION, []).extend(_rendered(option))
        lines = pieces.pop("")
        for number, name in enumerate(pieces):
            lines += [""] * bool(number) + ["[{}]".format(name)] + pieces[name]
        return [line + "\n" for line in lines]

    def _is_wrong(self, section, name):
        """Whether a value cannot be read whatever those are that it refers to."""
        raw = self.raw(section)
        try:
            filled(raw[name], dict.fromkeys(raw, ""))
        except ValueError:
            return True
        return False

    def _take_by_the_letter(self, section, name):
        lines = list(self.lines)
        for option in self._places(section, name) or self._places(DEFAULT, name):
            for number in range(option.first, option.last):
                if not _says_nothing(lines[number]):
                    start = len(option.key) + lines[number].index(option.key) if number == option.first else 0
                    value = lines[number][start:].replace("%%", "%").replace("%", "%%")
                    lines[number] = lines[number][:start] + value
        self._take(lines)


def _rendered(option):
    """The lines of an option: a value's further lines are deeper than its first."""
    first, *others = option.value.split("\n") if option.value else [""]
    return ["{} = {}".format(option.key, first).rstrip()] + ["\t" + line if line else "" for line in others]


def _says_nothing(line):
    return line.strip()[:1] in ("", "#", ";")


def _comments(lines):
    return [line for line in lines if line.strip() and _says_nothing(line)]


def _indent(line):
    return line[: len(line) - len(line.lstrip())] if line.strip() else ""


def _end(line):
    return line[len(line.rstrip("\r\n")) :] or "\n"


def _ended(lines):
    """The lines, of which the last one ends, too."""
    return lines[:-1] + [lines[-1] if lines[-1].endswith(("\r", "\n")) else lines[-1] + "\n"] if lines else []
