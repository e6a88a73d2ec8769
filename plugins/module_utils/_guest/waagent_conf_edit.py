# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Lossless model of waagent.conf, which two programs read by different rules.

The agent takes the text before the first equals sign as the key and cuts the value at a number sign;
the snapshot extension splits the first blank-separated word at equals signs and gives the whole file
up when that word has none. A line that both read alike is written `Key=Value`.
"""

import re

from .errors import Refused
from .waagent_syntax import BOM, agent_reads, extension_reads

# All that the snapshot extension asks the file for.
EXTENSION_KEYS = ("HttpProxy.Host", "HttpProxy.Port")


def agent_settings(text):
    """Return what the agent takes from a file: key to text, None where the value is `None`."""
    return _settings(text, agent_reads)


def extension_settings(text):
    """Return what the extension takes from a file, None when it gives the whole file up."""
    try:
        return _settings(text.replace("\r\n", "\n").replace("\r", "\n"), extension_reads)
    except IndexError:
        return None


def _settings(text, reads):
    found = {}
    for line in text.split("\n"):
        pair = reads(line)
        if pair:
            found[pair[0]] = None if pair[1] == "None" else pair[1]
    return found


def decode(data):
    """Return the text of a file's bytes; bytes that are not UTF-8 survive `encode`."""
    return data.decode("utf-8", "surrogateescape")


def encode(text):
    """Return the bytes of a text from `decode`."""
    return text.encode("utf-8", "surrogateescape")


class WaagentConf:
    """The lines of one file; every edit leaves the lines it is not about byte for byte."""

    def __init__(self, data):
        self._lines = decode(data).split("\n")

    @property
    def data(self):
        return encode(self.text)

    @property
    def text(self):
        return "\n".join(self._lines)

    def values(self):
        """Return what the agent takes from the file."""
        return agent_settings(self.text)

    def set(self, key, value):
        """Make both readers see `value` once; the line in force is edited, other ones of the key go."""
        self._uncover_first_line(key)
        places = self._places(key)
        if not places:
            self._insert(key, value)
            return
        last = places[-1]
        line = self._lines[last]
        if not _reads_alike(line, (key, value)):
            self._lines[last : last + 1] = _comment_of(line) + ["{}={}".format(key, value)]
        for place in reversed(places[:-1]):
            del self._lines[place]

    def unset(self, key):
        """Remove every line that gives the key a value; comments stay."""
        self._uncover_first_line(key)
        for place in reversed(self._places(key)):
            del self._lines[place]
        self._lines = self._lines or [""]  # a file has a line, though an empty one

    def normalize(self):
        """Rewrite the lines that the readers take differently, or not as meant, and no others; may raise Refused."""
        # What one pass uncovers (a byte order mark behind blanks, say) is the next one's; each pass leaves less.
        before = None
        while self.text != before:
            before = self.text
            text = repair_encoding(self.text)
            self._lines = [new for at, line in enumerate(text.split("\n"), 1) for new in _normal(at, line)]
            for key in {pair[0] for pair in map(agent_reads, self._lines) if pair}:
                for place in reversed(self._places(key)[:-1]):
                    del self._lines[place]

    def unbreak(self):
        """Rewrite just the lines for which the extension gives the whole file up; the agent reads the same as before.

        Raises Refused for one that cannot be written so.
        """
        self._lines = [new for at, line in enumerate(self._lines, 1) for new in _unbroken(at, line)]

    def _places(self, key):
        return [n for n, line in enumerate(self._lines) if (agent_reads(line) or ("",))[0] == key]

    def _uncover_first_line(self, key):
        first = self._lines[0]
        if first.startswith(BOM) and (agent_reads(first[1:]) or ("",))[0] == key:
            self._lines[0] = first[1:]

    def _insert(self, key, value):
        line = "{}={}".format(key, value)
        described = [
            n
            for n, text in enumerate(self._lines)
            if text.startswith("#") and "=" in text and text.lstrip("#").split("=")[0].strip() == key
        ]
        if described:
            self._lines.insert(described[-1] + 1, line)
            if described[-1] + 2 == len(self._lines):
                self._lines.append("")
        elif self._lines[-1] == "":
            self._lines.insert(len(self._lines) - 1, line)
        else:
            self._lines.extend([line, ""])


def repair_encoding(text):
    """Return the text without byte order mark, with LF endings and only UTF-8 in it."""
    # A stray byte stops the agent; Latin-1 is what such a byte in a comment almost always was.
    text = re.sub("[\udc80-\udcff]", lambda found: chr(ord(found.group()) - 0xDC00), text)
    return text.lstrip(BOM).replace("\r\n", "\n")


def _reads_alike(line, pair):
    try:
        return agent_reads(line) == pair and extension_reads(line) == pair
    except IndexError:
        return False


def _breaks(line):
    """Whether the extension stumbles over a line; a lone carriage return ends one for it, though not for the agent."""
    try:
        for part in line.split("\r"):
            extension_reads(part)
    except IndexError:
        return True
    return False


def _comment_of(line):
    """Return an inline comment as a line of its own."""
    _statement, mark, comment = line.partition("#")
    return _comment(comment) if mark and comment.strip() else []


def _comment(text):
    """Return a text as a comment that holds no statement for any reader."""
    return ["# " + " ".join(text.strip().split("\r"))]


def _says_nothing(line, key):
    """Whether a line that the agent takes for a statement is a comment, prose or shell: no reader has a use for it."""
    return line.lstrip().startswith("#") or "#" in key or len(key.split()) != 1


def _unbroken(at, line):
    if not _breaks(line):
        return [line]
    pair = agent_reads(line)
    if pair is None or _says_nothing(line, pair[0]):
        return _comment(line.lstrip().lstrip("#") if line.lstrip().startswith("#") else line)
    rest = line.partition("=")[2]
    for lines in (_comment_of(line) + ["=".join(pair)], ["{}={}".format(pair[0], rest)]):
        if agent_reads(lines[-1]) == pair and not _breaks(lines[-1]):
            return lines
    raise Refused("line {}: correct it by hand, because the intended value is unclear".format(at))


def _normal(at, line):
    pair = agent_reads(line)
    if line.lstrip().startswith("#"):
        text = line.lstrip().rstrip("\r")
        return [text] if "\r" not in text else _comment(text.lstrip("#"))
    if pair is None:
        return [line]
    key, value = pair
    if _says_nothing(line, key):
        return _comment(line)
    value = _bare(value)
    if "\r" in value:
        raise Refused("line {}: correct it by hand, because the intended value is unclear".format(at))
    # Behind a carriage return the extension begins anew.
    if "\r" not in line.rstrip("\r") and _reads_alike(line, (key, value)):
        return [line]
    return _comment_of(line) + ["{}={}".format(key, value)]


def _bare(value):
    """Return the value without blanks and quotes around it, however they are nested."""
    while True:
        bare = value.strip('" ').strip()
        quoted = re.match(r"'([^'\"]*)'\Z", bare)
        bare = quoted.group(1) if quoted else bare
        if bare == value:
            return value
        value = bare
