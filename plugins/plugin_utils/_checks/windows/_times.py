# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Points in time as Windows guests write them, in UTC."""

from __future__ import annotations

import datetime
import re

from ..._facts._types import WindowsState

_FORMS = (
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%m/%d/%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
)
_STAMP = re.compile(r"(\d{2}/\d{2}/\d{4} \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}Z?)")


def moment(text: object) -> datetime.datetime | None:
    """A point in time (UTC) in one of the forms that Windows guests write, else None. Year 1 is no time in .NET."""
    for form in _FORMS:
        try:
            found = datetime.datetime.strptime(str(text), form)
        except ValueError:
            continue
        return found if found.year > 1 else None
    stamp = _STAMP.search(str(text))
    return moment(stamp[1]) if stamp and stamp[1] != text else None


def minutes_before_capture(state: WindowsState, text: object) -> float | None:
    """How long before the probe something was, by the guest's own clock; None when that cannot be told."""
    then, now = moment(text), moment(state.get("captured"))
    return (now - then).total_seconds() / 60 if then and now else None


def within_a_day(state: WindowsState, text: object) -> bool:
    """Whether something was in the day before the probe."""
    minutes = minutes_before_capture(state, text)
    return minutes is not None and minutes <= 24 * 60


def booted(state: WindowsState) -> datetime.datetime | None:
    """When the guest was started last; None where that is not known."""
    return moment(state.get("identity", {}).get("boot_time"))


def not_before(time: object, start: datetime.datetime | None) -> bool:
    """Whether something was not before another time: true where one of the two is not known."""
    return start is None or (moment(time) or start) >= start
