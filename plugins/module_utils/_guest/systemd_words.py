# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Words as systemd splits them: in ``Environment=``, ``ExecStart=``, files of variables, and as it prints them."""

import collections
import re

BLANKS = " \t\n\r"
ESCAPES = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, '"': 34, "'": 39, "s": 32}
NUMBERED = re.compile("x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}")
ASSIGNMENT = re.compile("([A-Za-z_][A-Za-z0-9_]*)=([^\0\ufffd]*)\\Z")
SHOWN = re.compile(r"""(?:\$'(?:\\.|[^'\\])*\\?(?:'|\Z)|"(?:\\.|[^"\\])*\\?(?:"|\Z)|[^ \t\n\r"])+""", re.DOTALL)

_KEY = re.compile(r"[ \t\n\r]*(?:[#;](?:\\.|[^\n\r\\])*|([^\n\r][^=\n\r]*|)(=?))", re.DOTALL)
_PIECE = re.compile(
    r"""[ \t]*(?:'([^']*)(?:'|\Z)|"((?:\\.|[^"\\])*)\\?(?:"|\Z)|((?:\\.|[^\n\r\\])*\\?)(?:[\n\r]|\Z))""", re.DOTALL
)

_BLANK = re.compile(r"[ \t\n\r]*")
_PLAIN = {
    None: re.compile(r"""[^\\'" \t\n\r]*"""),
    "'": re.compile(r"[^\\']*"),
    '"': re.compile(r'[^\\"]*'),
}

Assigned = collections.namedtuple("Assigned", "name value line")


def words(text):
    """The words of a command line; an escape that means nothing stays as it is."""
    return list(_words(text, False))


def assignments(text):
    """``(name, value)`` of each variable that ``Environment=`` sets; what follows an invalid escape does not count."""
    found = (ASSIGNMENT.match(word.replace("%%", "%")) for word in _words(text, True))
    return [match.groups() for match in found if match]


def _words(text, strict):
    at = _BLANK.match(text).end()
    while at < len(text):
        word, at = _first(text, at, strict)
        if word is None:
            return
        yield word
        at = _BLANK.match(text, at).end()


def _first(text, at, strict):
    """``(word, where it ends)``; None for a word where systemd passes over the rest."""
    word, quote = bytearray(), None
    while at < len(text):
        run = _PLAIN[quote].match(text, at)
        word += run.group().encode("utf-8", "replace")
        at = run.end()
        char = text[at : at + 1]
        if char == "\\":
            taken = _escaped(text, at + 1, word, strict)
            if taken is None:
                return None, at
            at += 1 + taken
        elif char and (quote or char in "'\""):
            quote = None if quote else char
            at += 1
        else:
            break
    return None if quote else word.decode("utf-8", "replace"), at


def _escaped(text, at, word, strict):
    """Adds what an escape stands for to ``word``. Gives how many characters it takes; None for one that is invalid."""
    number = NUMBERED.match(text, at)
    code = number.group() if number else text[at : at + 1]
    value = int(code.lstrip("xuU"), 8 if code[0].isdigit() else 16) if number else ESCAPES.get(code)
    eight_bits = number is not None and code[0] not in "uU"
    if value and value < (256 if eight_bits else 0x110000):
        word += bytes(bytearray([value])) if eight_bits else chr(value).encode("utf-8", "replace")
        return len(code)
    if strict:
        return None
    word += ("\\" + code[:1]).encode("utf-8", "replace")
    return len(code[:1])


def shown(text):
    """The words that systemctl prints in one line, without the quotes that it puts around odd ones."""
    return [bare(word) for word in SHOWN.findall(text)]


def bare(word):
    """A word, or one of the form ``name=$'value'``, without its quotes and escapes."""
    head, mark, rest = word.partition("$'") if not word.startswith('"') else ("", '"', word[1:])
    if not mark or rest[-1:] != mark[-1]:
        return word
    body = bytearray()
    for escape, plain in re.findall(r"\\([0-7]{3}|.)|([^\\]+)", rest[:-1], re.DOTALL):
        if len(escape) == 3:
            body.append(int(escape, 8) & 255)
        elif escape:
            body += chr(ESCAPES[escape]).encode() if escape in "abfnrtv" else escape.encode("utf-8", "replace")
        else:
            body += plain.encode("utf-8", "replace")
    return head + body.decode("utf-8", "replace")


def file(text):
    """The variables of a file for ``EnvironmentFile=``, in order, each with the line where it begins."""
    found, at, line, counted = [], 0, 1, 0
    while at < len(text):
        key = _KEY.match(text, at)
        at = key.end()
        if not key.group(2):
            at += 1
            continue
        line += text.count("\n", counted, key.start(1))
        counted = key.start(1)
        value, at = _value(text, at)
        match = ASSIGNMENT.match("{0}={1}".format(key.group(1).rstrip(BLANKS), value))
        if match:
            found.append(Assigned(match.group(1), match.group(2), line))
    return found


def _value(text, at):
    """``(value, where the next line begins)``: quoted pieces, then plain text to the end of the line."""
    value = ""
    while True:
        piece = _PIECE.match(text, at)
        single, double, plain = piece.groups()
        at = piece.end()
        if single is not None:
            value += single
        elif double is not None:
            value += re.sub(r"\\(.)", _in_quotes, double, flags=re.DOTALL)
        else:
            return value + _plain(plain), at


def _in_quotes(escape):
    char = escape.group(1)
    return char if char in '"\\`$' else "" if char == "\n" else escape.group()


def _plain(text):
    """Plain text without blanks at its end, unless they are escaped; a backslash before the end of a line goes."""
    kept = ""
    for escape, plain in re.findall(r"\\(.|\Z)|([^\\]+)", text, re.DOTALL):
        kept = kept + plain if plain else kept + escape.strip("\n\r")
    return kept[: len(kept) - len(plain) + len(plain.rstrip(" \t"))] if text and plain else kept
