# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""/etc/dhcpcd.conf as dhcpcd reads it: an option and its value in a line, for all interfaces or those of a block."""

import fnmatch

BLOCKS = ("interface", "ssid", "profile")


class Line(object):
    """A line of the file; ``block``: the first words ``(kind, value)`` of the block that it is in, or None.

    ``setting``: what it sets by hand, ``(name, value)``, or None.
    """

    def __init__(self, number, text, block):
        self.number, self.text = number, text
        words = text.strip(" \t").split(None, 1)
        if not words or words[0].startswith(("#", ";")):
            words = []
        self.option = words[0] if words else None
        self.value = words[1].strip() if len(words) > 1 else ""
        self.block = (self.option, self.value) if self.option in BLOCKS else block
        name, mark, value = self.value.partition("=")
        self.setting = (name.strip(), value.strip()) if self.option == "static" and mark else None

    def is_for(self, interface):
        kind, pattern = self.block or ("interface", "*")
        return kind == "interface" and fnmatch.fnmatchcase(interface, pattern)

    def excludes(self, interface):
        """Whether dhcpcd leaves the interface alone because of this line."""
        named = any(fnmatch.fnmatchcase(interface, pattern) for pattern in self.value.split())
        return named if self.option == "denyinterfaces" else self.option == "allowinterfaces" and not named


def lines(text):
    """The lines of a file, in order."""
    found, block = [], None
    for number, line in enumerate(text.split("\n"), 1):
        found.append(Line(number, line, block))
        block = found[-1].block
    return found
