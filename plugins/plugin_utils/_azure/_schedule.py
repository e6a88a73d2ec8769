# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a backup policy runs, of all of its forms: Standard, and Enhanced by the hour, the day or the week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ._values import choice

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_H = 24


def read(schedule: Mapping) -> dict:
    """``frequency``, ``times`` and ``interval_hours``: the longest time between two runs."""
    frequency = choice(schedule.get("scheduleRunFrequency"))
    # An Enhanced policy has the schedule of its frequency below a name of its own.
    part = schedule.get(f"{str(frequency).lower()}Schedule") or schedule
    return {
        "frequency": frequency,
        "times": [_clock(time) for time in part.get("scheduleRunTimes") or _starts(part)],
        "interval_hours": _interval(frequency, part),
    }


def _clock(time: str) -> str:
    """The time of day of a date and time."""
    return time.partition("T")[2][:5] or time[:5]


def _starts(part: Mapping) -> Sequence[str]:
    start = part.get("scheduleWindowStartTime")
    return (start,) if start else ()


def _interval(frequency: str | None, part: Mapping) -> int | None:
    if frequency == "Daily":
        return _DAY_H
    if frequency == "Weekly":
        days = sorted(_DAYS.index(day) for day in part.get("scheduleRunDays") or () if day in _DAYS)
        gaps = [later - earlier for earlier, later in zip(days, [*days[1:], days[0] + 7], strict=True)] if days else []
        return _DAY_H * max(gaps) if gaps else None
    every, window = part.get("interval"), part.get("scheduleWindowDuration")
    if frequency == "Hourly" and every and window:
        # The window is closed from its last run to its first one of the next day.
        return max(every, _DAY_H - window // every * every)
    return None
