# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of Windows in the writings in which programs print them: numbers, and sentences in several languages."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from ..._knowledge import rows

_PLAIN = str.maketrans({"\xa0": " ", "\u2019": "'"})
"""Blanks and apostrophes of French sentences, as the table has them."""

_DECIMAL = re.compile(r"(?<![\w.])-?\d{10}(?!\w|\.\d)")
_BARE = re.compile(r"(?<![\w.-])(?:0x)?([89A-F][0-9A-F]{7})(?:U?L)?(?![\w-]|\.\d)", re.IGNORECASE)
"""Error numbers of Windows as .NET and C print them, without their prefix, and with the suffix of C."""

_ENDED = re.compile(r"\b(?:exit(?:ed)?|ended)(?: with)?(?: exit)?(?: code)?\W{0,3}(\d{4,5})\b(?!\.\d)", re.IGNORECASE)
_EXCEPTION = re.compile(r"\b(?:Win32|Socket)Exception \((\d{1,5})\)", re.IGNORECASE)
"""Error numbers with which a program of Windows ended or a socket failed: the short form of those with 0x8007."""


@functools.lru_cache(1024)
def with_errors(text: str) -> str:
    """A text with the errors of Windows that it tells of, in the writing of the tables."""
    said = text.lower().translate(_PLAIN)
    told = (means for means, parts in _sentences() if any(part in said for part in parts))
    return " ".join([text, *error_numbers(text), *told])


@functools.cache
def _sentences() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What sentences mean, by the table ``_knowledge/sentences.yml``."""
    return tuple((row["means"], tuple(part.lower() for part in row["texts"])) for row in rows("sentences"))


def error_numbers(text: str) -> Iterator[str]:
    """The error numbers of Windows in a text, in the writing of the table."""
    short = map(int, (*_ENDED.findall(text), *_EXCEPTION.findall(text)))
    ended = (0x80070000 + number for number in short if number < 2**16)
    for found in (*map(int, _DECIMAL.findall(text)), *(int(bare, 16) for bare in _BARE.findall(text)), *ended):
        if -(2**31) <= found < 2**32:
            yield f"0x{found % 2**32:08X}"
