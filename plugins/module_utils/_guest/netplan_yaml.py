# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""netplan's YAML with the place of everything in it: no YAML reader can be taken for granted on a guest.

What files of netplan are made of is understood, in block and flow style. All else that YAML has (anchors, tags, texts
of several lines, keys that are no texts) raises Refused, which names the line: nothing is guessed.
"""

import re

from .errors import Refused

MAP, LIST, TEXT = "map", "list", "text"
MAX_DEPTH = 32

_FOREIGN = re.compile(
    "[^\t\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)  # also what ends a line in YAML but is no line feed
_QUOTED = re.compile(r"'((?:[^'\n]|'')*)'|\"([^\"\\\n]*)\"")
_PLAIN = re.compile(r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`]|[\-?:](?=\S))(?:[^\s:#]|:(?=\S)|(?<=\S)#| +(?=[^\s#:]|:\S))*")
_PLAIN_IN_FLOW = re.compile(
    r"(?:[^\s\-?:,\[\]{}#&*!|>'\"%@`]|-(?=[^\s,\[\]{}]))"
    r"(?:[^\s?:#,\[\]{}]|:(?=[^\s,\[\]{}])|(?<=\S)#| +(?=[^\s#:,\[\]{}]|:[^\s,\[\]{}]))*"
)
_COLON = re.compile(r" *:(?=[ \n]|\Z)")
_DASH = re.compile(r"-(?=[ \n]|\Z)")
_START = re.compile(r"--- *(?=\n|\Z)")
_MARK = re.compile(r"^(?:---|\.\.\.)(?=[ \n]|\Z)", re.MULTILINE)
_NO_MORE = re.compile(r"(?: *| *(?<=[ \t])#[^\n]*|(?<![^\n])#[^\n]*)(?=\n|\Z)")
_FLOW_GAP = re.compile(r"(?:[ \n]|(?<=[ \n])#[^\n]*)*")


class Node(object):
    """A value: a text, a list of nodes, or a dictionary of ``(key node, node)``; ``start`` to ``end`` is its place.

    ``first`` is where a list's item begins with its dash; ``flow`` tells of a collection in brackets. What is not there
    is an empty text without length.
    """

    def __init__(self, kind, value, start, end, flow=False):
        self.kind, self.value, self.start, self.end, self.flow = kind, value, start, end, flow
        self.first = start

    def plain(self):
        """The value without the places: texts, lists and dictionaries."""
        if self.kind == MAP:
            return {key: node.plain() for key, (_key, node) in self.value.items()}
        return [node.plain() for node in self.value] if self.kind == LIST else self.value

    def get(self, *keys):
        """The node below a path of keys, or None."""
        node = self
        for key in keys:
            if node.kind != MAP or key not in node.value:
                return None
            node = node.value[key][1]
        return node


def parse(text):
    """The node of a whole file. Raises Refused where it is not understood."""
    return _Parser(text).document()


def line_of(text, at):
    """The number of the line in which a place of a text lies."""
    return text.count("\n", 0, at) + 1


class _Parser(object):
    def __init__(self, text):
        self.text, self.at, self.depth = text, 0, 0
        found = _FOREIGN.search(text)
        if found:
            self.refuse("it has a character that is not understood", found.start())

    def refuse(self, what, at=None):
        raise Refused("line {0}: {1}".format(line_of(self.text, self.at if at is None else at), what))

    def ahead(self, pattern):
        return pattern.match(self.text, self.at)

    def document(self):
        self.next_line()
        start = self.ahead(_START)
        if start:
            self.at = start.end()
            self.next_line()
        mark = _MARK.search(self.text, self.at)
        if mark:
            self.refuse("it has several documents", mark.start())
        node = self.block(-1)
        if self.at < len(self.text):
            self.refuse("its indentation is not understood")
        return node

    def next_line(self):
        """Go to the next line that says something; this one has been read to its end."""
        while self.at < len(self.text):
            rest = self.ahead(_NO_MORE)
            if rest is None:
                return
            self.at = min(rest.end() + 1, len(self.text))

    def indent(self):
        """Go to the next thing and return its column, -1 at the end of the file."""
        while self.text.startswith(" ", self.at):
            self.at += 1
        return self.at - self.text.rfind("\n", 0, self.at) - 1 if self.at < len(self.text) else -1

    def key_ahead(self):
        found = self.ahead(_QUOTED) or self.ahead(_PLAIN)
        return bool(found and _COLON.match(self.text, found.end()))

    def nested(self, make, *arguments):
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse("it is nested too deeply")
        node = make(*arguments)
        self.depth -= 1
        return node

    def block(self, outer, same=False):
        """The value that begins in this line if it is indented more than `outer`; a list may be as deep (`same`)."""
        at, depth = self.at, self.indent()
        dash = self.ahead(_DASH)
        if depth < outer or depth == outer and not (same and dash):
            self.at = at
            return None
        if dash:
            return self.nested(self.block_list, depth)
        return self.nested(self.block_map, depth) if self.key_ahead() else self.inline(depth)

    def below(self, depth, same):
        """The value behind a dash or a colon, in this line or in those that follow."""
        after = self.at
        if self.ahead(_NO_MORE):
            self.next_line()
            return self.block(depth, same) or Node(TEXT, "", after, after)
        column = self.indent()
        if not same and self.key_ahead():
            return self.nested(self.block_map, column)
        return self.inline(depth)

    def block_list(self, depth):
        start, items = self.at, []
        while self.indent() == depth and self.ahead(_DASH):
            first = self.at
            self.at += 1
            items.append(self.below(depth, same=False))
            items[-1].first = first
        return Node(LIST, items, start, items[-1].end)

    def block_map(self, depth):
        start, found, node = self.at, {}, None
        while self.indent() == depth and self.key_ahead():
            key = self.scalar(_PLAIN)
            self.at = self.ahead(_COLON).end()
            node = self.below(depth, same=True)
            self.add(found, key, node)
        return Node(MAP, found, start, node.end)

    def add(self, found, key, node):
        if key.value in found or key.value == "<<":
            self.refuse("the key is there twice, or is a merge", key.start)
        found[key.value] = (key, node)

    def inline(self, depth):
        """A value within a line, or a collection in brackets, with nothing behind it."""
        node = self.nested(self.flow, _PLAIN)
        if not self.ahead(_NO_MORE):
            self.refuse("what stands behind the value is not understood")
        self.next_line()
        at, deeper = self.at, self.indent() > depth
        if deeper:
            self.refuse("a value of several lines is not understood")
        self.at = at
        return node

    def scalar(self, plain):
        start = self.at
        quoted = self.ahead(_QUOTED)
        found = quoted or self.ahead(plain)
        if not found:
            self.refuse("the value is not understood")
        self.at = found.end()
        value = found.group(0)
        if quoted:
            value = quoted.group(2) if quoted.group(1) is None else quoted.group(1).replace("''", "'")
        return Node(TEXT, value, start, self.at)

    def flow(self, plain):
        if self.text.startswith("{", self.at):
            return self.collection(MAP, {}, "}", self.flow_pair)
        if self.text.startswith("[", self.at):
            return self.collection(LIST, [], "]", self.flow_item)
        return self.scalar(plain)

    def collection(self, kind, found, closing, take):
        start = self.at
        self.at += 1
        while self.skip() != closing:
            take(found)
            if self.skip() not in ("," + closing):
                self.refuse("the collection in brackets is not understood")
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1
        return Node(kind, found, start, self.at, True)

    def flow_item(self, found):
        found.append(self.nested(self.flow, _PLAIN_IN_FLOW))

    def flow_pair(self, found):
        key = self.scalar(_PLAIN_IN_FLOW)
        node = Node(TEXT, "", key.end, key.end)
        if self.skip() == ":":
            if "\n" in self.text[key.end : self.at]:
                self.refuse("a colon is not in the line of its key")
            self.at += 1
            if self.skip() not in ",}":
                node = self.nested(self.flow, _PLAIN_IN_FLOW)
        self.add(found, key, node)

    def skip(self):
        """The next character of a collection in brackets, behind blanks, line ends and comments."""
        self.at = self.ahead(_FLOW_GAP).end()
        if self.at == len(self.text):
            self.refuse("a bracket is not closed")
        return self.text[self.at]
