# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""/etc/network/interfaces as ifupdown reads it: lines that are continued, comments that are not, and stanzas."""

STANZAS = ("iface", "auto", "mapping", "source", "source-directory", "rename", "template", "no-auto-down", "no-scripts")


class Statement(object):
    """Lines of the file that are one for ifupdown: where they begin, and the words in them (none in a comment)."""

    def __init__(self, number, lines):
        self.number, self.lines = number, lines
        words = "".join([line[:-1] for line in lines[:-1]] + lines[-1:]).split()
        self.words = [] if words and words[0].startswith("#") else words

    def begins_stanza(self):
        return bool(self.words) and (self.words[0] in STANZAS or self.words[0].startswith("allow-"))

    def interface(self):
        """The interface whose IPv4 address is described from here on, or None."""
        words = self.words
        return words[1] if words[:1] == ["iface"] and words[2:3] == ["inet"] and len(words) > 3 else None


def statements(text):
    """The statements of a file, in order. A comment is never continued; a continued line is never a comment."""
    found, lines = [], []
    for number, line in enumerate(text.split("\n"), 1):
        lines.append(line)
        if not line.endswith("\\") or (len(lines) == 1 and line.lstrip().startswith("#")):
            found.append(Statement(number - len(lines) + 1, lines))
            lines = []
    return found + ([Statement(number - len(lines) + 1, lines)] if lines else [])
