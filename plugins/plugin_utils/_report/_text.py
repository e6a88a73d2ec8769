# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text from guests, made safe to show: no control characters, and its width on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ...module_utils._guest.visible import visible as _visible


def visible(text: object) -> str:
    """The text on one line, with characters that would act instead of show written as escapes.

    Such move the cursor, hide text, turn its direction, cannot be encoded or are forbidden in XML.
    """
    return _visible(" ".join(str(text).split()))


def width(text: str) -> int:
    """Columns the text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, columns: int) -> str:
    """The text, filled up with blanks to that many columns."""
    return text + " " * (columns - width(text))


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most that many columns (at least 2), broken between words where that is possible."""
    columns = max(columns, 2)
    lines, line = [], ""
    for word in text.split():
        for piece in _pieces(word, columns):
            joined = f"{line} {piece}" if line else piece
            if width(joined) <= columns:
                line = joined
            else:
                lines.append(line)
                line = piece
    return [*lines, line]


def _pieces(word: str, columns: int) -> Iterator[str]:
    """The word in parts that fit."""
    part, used = "", 0
    for char in word:
        size = _columns(char)
        if used + size > columns:
            yield part
            part, used = "", 0
        part, used = part + char, used + size
    yield part
