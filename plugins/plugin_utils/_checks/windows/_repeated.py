# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the agent's log that come again and again: lines of one kind differ in numbers only."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..._signatures import WINDOWS_AGENT, known
from .._rounds import goes_on
from . import _times

OFTEN = 3
_HOUR = datetime.timedelta(hours=1)
_ERROR = re.compile(r"\[ERROR\]", re.IGNORECASE)
_TROUBLE = re.compile(r"\[(?:ERROR|WARN)\]", re.IGNORECASE)
_NUMBERS = re.compile(r"[0-9A-Fa-f]")


class Repeated(NamedTuple):
    """An error with its first and last line of the last hour, how often it came in it, and the time between two."""

    first: str
    line: str
    times: int
    every: datetime.timedelta


def ongoing(lines: Iterable[str], now: datetime.datetime, warnings: bool = False) -> Repeated | None:
    """The error that came most often in the last hour and comes until now; None where there is none.

    ``warnings`` counts them as well: they mean something where the agent does not report that it works.
    """
    level = _TROUBLE if warnings else _ERROR
    kinds: dict[str, list[tuple[datetime.datetime, str]]] = {}
    for line in lines:
        when = _times.moment(line)
        if when is not None and now - when <= _HOUR and level.search(line) and not _harmless(line):
            kinds.setdefault(_NUMBERS.sub("", line), []).append((when, line))
    return max(_going_on(kinds.values(), now), key=lambda one: one.times, default=None)


def _going_on(kinds: Iterable[list[tuple[datetime.datetime, str]]], now: datetime.datetime) -> Iterator[Repeated]:
    for noted in kinds:
        (first, begin), (last, line) = noted[0], noted[-1]
        if len(noted) < OFTEN or first == last:
            continue
        every = (last - first) / (len(noted) - 1)
        if goes_on(every.total_seconds(), (now - last).total_seconds()):
            yield Repeated(begin, line, len(noted), every)


def _harmless(line: str) -> bool:
    return any(text in line for row in known().values() if row["log"] == WINDOWS_AGENT for text in row["any"])
