# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a backup policy runs, and how often."""

from __future__ import annotations

from collections.abc import Mapping

from .._schedules._times import DAY_H, of_frequency, start_times
from ._values import choice

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def read(schedule: Mapping) -> dict:
    """``frequency``, ``times`` and ``interval_hours``: the longest time between two runs."""
    frequency = choice(schedule.get("scheduleRunFrequency"))
    return {
        "frequency": frequency,
        "times": start_times(schedule),
        "interval_hours": _interval(frequency, of_frequency(schedule)),
    }


def _interval(frequency: str | None, part: Mapping) -> int | None:
    if frequency == "Daily":
        return DAY_H
    if frequency == "Weekly":
        days = sorted(_DAYS.index(day) for day in part.get("scheduleRunDays") or () if day in _DAYS)
        gaps = [later - earlier for earlier, later in zip(days, [*days[1:], days[0] + 7], strict=True)] if days else []
        return DAY_H * max(gaps) if gaps else None
    every, window = part.get("interval"), part.get("scheduleWindowDuration")
    if frequency == "Hourly" and every and window:
        # The window is closed from its last run to its first one of the next day.
        return max(every, DAY_H - window // every * every)
    return None
