# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The change window: whether something that takes so long may start now."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Mapping, Sequence

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAMES = {**dict(zip(DAYS, DAYS, strict=True)), **dict(zip(_FULL, DAYS, strict=True))}
_KEYS = ("days", "start", "end", "timezone")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_EXAMPLE = '{start: "22:00", end: "04:00", days: [sat, sun], timezone: Europe/Berlin}'


def obstacle(window: object, now: float, seconds: float = 0) -> str | None:
    """Why work of so many seconds may not start at ``now`` (seconds since the epoch); None when it may.

    No window (None, an empty mapping or text) is always open. A window whose end is not after its start ends on the
    next day; its day is the one on which it starts. What is not exactly a window is never read as one: raises
    ValueError in an operator's words.
    """
    if window is None or window == {} or window == "":
        return None
    if not isinstance(window, Mapping):
        raise _wrong(f"'{window}' is not a mapping such as {_EXAMPLE}")
    unknown = sorted(str(key) for key in window if key not in _KEYS)
    if unknown:
        raise _wrong(f"'{unknown[0]}' is not one of {', '.join(_KEYS)}")
    if "start" not in window or "end" not in window:
        raise _wrong("it needs start and end")
    zone = _zone(window.get("timezone", "UTC"))
    days = _days(window.get("days", DAYS))
    start, end = _time("start", window["start"]), _time("end", window["end"])
    if start == end:
        raise _wrong("it starts and ends at the same time")
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


def _wrong(reason: str) -> ValueError:
    return ValueError(f"Cannot use 'remediate_window': {reason}")


def _zone(name: object) -> zoneinfo.ZoneInfo:
    try:
        if isinstance(name, str):
            return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise _wrong(f"timezone '{name}' is unknown on this controller")


def _days(given: object) -> set[str]:
    named = [part.strip() for part in given.split(",")] if isinstance(given, str) else given
    if not isinstance(named, Sequence) or not named:
        raise _wrong(f"days '{given}' is not a list of days such as [sat, sun]")
    days = set()
    for day in named:
        if not isinstance(day, str) or day.lower() not in _NAMES:
            raise _wrong(f"days has '{day}', which is not one of {', '.join(DAYS)}")
        days.add(_NAMES[day.lower()])
    return days


def _time(name: str, value: object) -> datetime.time:
    """A time of day. YAML reads an unquoted 22:00 as the number 1320, which could as well be meant as 13:20."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _wrong(f"{name} '{value}' is not a time in quotes such as \"22:00\"")
    return datetime.time(int(found[1]), int(found[2]))
