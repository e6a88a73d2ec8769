# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a message of a guest names as its cause, by the table ``_knowledge/messages.yml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .._engine._model import Evidence
from .._knowledge import rows
from .windows._numbers import with_errors

EXTENSION, AGENT = "extension", "agent"
"""Whose words a message is."""

_CODE = re.compile(r"\b(?:UserError)?(?:Extension|GuestAgent)\w+")
"""Codes of Azure Backup as they stand in messages."""


class Message(NamedTuple):
    """A message of a guest: the check that reports it, its text, and the result code that comes with it."""

    symptom: str
    text: str
    evidence: Evidence
    number: int | None = None
    of: str = EXTENSION


class Row(NamedTuple):
    """A row of the table: what names a cause, in whose words, and whether it counts only where its check finds it."""

    cause: str
    pattern: re.Pattern[str]
    exact: re.Pattern[str] | None
    codes: frozenset[str]
    numbers: frozenset[int]
    of: str | None
    found: bool
    after: tuple[str, ...]

    def only_by_code(self, text: str) -> bool:
        """Whether only the code of Azure Backup in a message, or its sentence, names the cause."""
        return bool(self.codes) and not (self.exact and self.exact.search(_CODE.sub(" ", with_errors(text))))


def rows_for(text: str, number: int | None = None, of: str = EXTENSION) -> Iterator[Row]:
    """The rows whose cause a message names."""
    said = with_errors(text)
    for row in _table():
        if row.of in (None, of) and (number in row.numbers or row.pattern.search(said)):
            yield row


def coded(code: str) -> list[str]:
    """The checks that an error code of Azure Backup names."""
    return [row.cause for row in _table() if code in row.codes]


@functools.cache
def _table() -> tuple[Row, ...]:
    table = []
    for row in rows("messages"):
        codes = row.get("codes", ())
        # The name of a code stands in messages as a word, at times with other words grown to its front.
        broad, exact = [*(rf"\w*{code}\b" for code in codes), *row.get("says", ())], row.get("texts", ())
        table.append(
            Row(
                cause=row["cause"],
                pattern=_any_of([*broad, *exact]),
                exact=_any_of(exact) if exact else None,
                codes=frozenset(codes),
                numbers=frozenset(row.get("numbers", ())),
                of=row.get("of"),
                found=row.get("found", False),
                after=tuple(row.get("after", ())),
            )
        )
    return tuple(table)


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{text})" for text in texts), re.IGNORECASE)
