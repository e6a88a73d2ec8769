# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The times of day at which a backup policy starts, of all of its forms: Standard, and Enhanced by the hour, the day
or the week."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

DAY_H = 24
TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\Z")


def of_frequency(schedule: Mapping) -> Any:
    """The part of a schedule that counts: an Enhanced policy has it below the name of its frequency."""
    return schedule.get(f"{str(schedule.get('scheduleRunFrequency')).lower()}Schedule") or schedule


def start_times(schedule: Mapping) -> list[str]:
    """The times of day, in the time zone of the policy; none where it does not say them all."""
    part = of_frequency(schedule)
    times = [_clock(time) for time in part.get("scheduleRunTimes") or ()]
    return sorted(set(times)) or _every_few_hours(part)


def _clock(time: str) -> str:
    """The time of day of a date and time."""
    return time.partition("T")[2][:5] or time[:5]


def _every_few_hours(part: Mapping) -> list[str]:
    first = TIME_OF_DAY.match(_clock(part.get("scheduleWindowStartTime") or ""))
    every, window = part.get("interval"), part.get("scheduleWindowDuration")
    if not first or not every or window is None:
        return []
    hour, minute = int(first[1]), first[2]
    # The window is closed at the start of the next day's.
    starts = range(hour, hour + min(window, DAY_H - 1) + 1, every)
    return sorted(f"{start % DAY_H:02}:{minute}" for start in starts)
