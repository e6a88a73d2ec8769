# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which events, and lines of logs, of a Windows guest belong to the last run of the snapshot extension."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ..._engine._state import Facts
from ..._facts._types import WindowsState
from ._events import recorded
from ._last_run import last_status, running_since, time_of_failure, time_of_success
from ._times import moment, not_before

_BEFORE, _AFTER = datetime.timedelta(hours=1), datetime.timedelta(minutes=5)
"""How far from the end of a run what belongs to it may lie."""


def since_its_begin(state: WindowsState, time: object) -> bool:
    """Whether something was in a last run that has not ended."""
    status = last_status(state)
    if status is None or status.get("status") != "transitioning":
        return False
    run, then = moment(status.get("time")), moment(time)
    return bool(run and then and then >= run - _AFTER)


def after_success(state: WindowsState, found: Iterable[Facts]) -> list[Facts]:
    """Events that no success of the extension followed."""
    done = time_of_success(state)
    return [event for event in found if done is None or (moment(event.get("time")) or done) > done]


def not_followed_by_success(state: WindowsState, found: Iterable[Facts]) -> list[Facts]:
    """Events without those that are over: the extension has succeeded since, or it is in a later run."""
    done = time_of_success(state) or running_since(state)
    return [event for event in found if not_before(event.get("time"), done and done - _BEFORE)]


def of_failed_run(state: WindowsState, kind: str, *ids: int) -> list[Facts]:
    """Events of one kind at the time of a run that failed, newest first."""
    return [
        event
        for event in recorded(state, kind)
        if (not ids or event.id in ids) and in_failed_run(state, event.get("time"))
    ]


def began_to_fail(state: WindowsState) -> datetime.datetime | None:
    """What was recorded since then may be of a last run that failed."""
    run = time_of_failure(state)
    return run - _BEFORE if run is not None else None


def not_before_failed_run(state: WindowsState, found: Iterable[Facts]) -> list[Facts]:
    """Events without those that were long before a last run that failed: they did not make it fail."""
    begin = began_to_fail(state)
    return [event for event in found if not_before(event.get("time"), begin)]


def in_failed_run(state: WindowsState, time: object) -> bool:
    """Whether something was at the time of a last run that failed."""
    run, then = time_of_failure(state), moment(time)
    return bool(run and then and run - _BEFORE <= then <= run + _AFTER)
