# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change window: whether something that takes so long may start now."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS = ("days", "start", "end", "timezone")


def obstacle(window: Mapping, now: float, seconds: float = 0) -> str | None:
    """Why work of so many seconds may not start at ``now`` (seconds since the epoch); None when it may.

    An empty window is always open. A window whose end is not after its start ends on the next day; its day is the one
    on which it starts. Raises ValueError in an operator's words.
    """
    if not window:
        return None
    unknown = sorted(set(window) - set(_KEYS))
    if unknown:
        raise ValueError(f"Cannot use the window: '{unknown[0]}' is none of {', '.join(_KEYS)}")
    if "start" not in window or "end" not in window:
        raise ValueError("Cannot use the window: it needs start and end")
    zone = _zone(str(window.get("timezone") or "UTC"))
    days = _days(window.get("days"))
    start, end = _time("start", window["start"]), _time("end", window["end"])
    if start == end:
        raise ValueError("Cannot use the window: it starts and ends at the same time")
    today = datetime.datetime.fromtimestamp(now, zone).date()
    for day in (today - datetime.timedelta(days=1), today):
        if DAYS[day.weekday()] not in days:
            continue
        last = day if end > start else day + datetime.timedelta(days=1)
        # By timestamps: differences within one zone ignore a change to summer time.
        opens = datetime.datetime.combine(day, start, zone).timestamp()
        closes = datetime.datetime.combine(last, end, zone).timestamp()
        if opens <= now < closes:
            left = closes - now
            return None if seconds <= left else f"the window ends in {int(left)} s, and this may take {int(seconds)} s"
    return "it is outside the change window"


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"Cannot use the window: the controller knows no time zone '{name}'") from error


def _days(given: object) -> set[str]:
    if given is None:
        return set(DAYS)
    named = [given] if isinstance(given, str) else list(given)
    days = {str(day)[:3].lower() for day in named}
    if not days or not days <= set(DAYS):
        raise ValueError(f"Cannot use the window: days are names such as {', '.join(DAYS)}")
    return days


def _time(name: str, value: object) -> datetime.time:
    """A time of day. YAML reads an unquoted 22:00 as a number of minutes."""
    try:
        if isinstance(value, int):
            return datetime.time(value // 60, value % 60)
        hours, _colon, minutes = str(value).partition(":")
        return datetime.time(int(hours), int(minutes))
    except ValueError as error:
        raise ValueError(f"Cannot use the window: {name} '{value}' is no time such as 22:00") from error
