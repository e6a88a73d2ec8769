# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The sections of a key file or a file of systemd, each line as it is, for lossless edits."""

import re

from .errors import Refused


class Section(object):
    """A section with its lines as they are: the first one is its head."""

    def __init__(self, name, lines):
        self.name, self.lines = name, lines

    def key(self, at):
        line = self.lines[at].strip()
        return line.partition("=")[0].strip() if "=" in line and not line.startswith(("#", ";", "[")) else None

    def value(self, at):
        return self.lines[at].partition("=")[2].strip()

    def places(self, key):
        return [at for at in range(len(self.lines)) if self.key(at) == key]

    def last(self, key):
        places = self.places(key)
        return self.value(places[-1]) if places else None

    def drop(self, goes):
        self.lines = [
            line for at, line in enumerate(self.lines) if self.key(at) is None or not goes(self.key(at), self.value(at))
        ]

    def refuse_continued(self, names):
        if self.name in names and any(line.rstrip("\r").endswith("\\") for line in self.lines):
            raise Refused("a line of its section [{0}] is continued in the next one".format(self.name))


def sections_of(text):
    """The sections of a file; what comes before the first one has the name ``""``."""
    sections = [Section("", [])]
    for line in text.split("\n"):
        match = re.match(r"\s*\[([^]]+)\]\s*$", line)
        if match:
            sections.append(Section(match.group(1), []))
        sections[-1].lines.append(line)
    return sections


def joined(sections, text):
    """Sections as a text that ends as the former one did. A line that is the last one only now keeps its whole end."""
    lines = "\n".join(line for section in sections for line in section.lines)
    cut_off = lines.endswith("\r") and lines.rpartition("\n")[2] != text.rpartition("\n")[2]
    return lines + "\n" if cut_off or (text.endswith("\n") and not lines.endswith("\n")) else lines
