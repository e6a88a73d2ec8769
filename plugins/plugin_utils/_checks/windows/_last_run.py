# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last run of the snapshot extension on Windows: how it ended, and what was at that time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ....module_utils._guest.handlers import COMMAND_LIMIT_S
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._versions import newest
from . import _signs

COMMAND_MINUTES = COMMAND_LIMIT_S // 60
_BEFORE, _AFTER = datetime.timedelta(hours=1), datetime.timedelta(minutes=5)
"""How far from the end of a run what belongs to it may lie."""


def newest_version(state: WindowsState) -> Facts | None:
    """The newest version of the extension that is installed; None where that is none, or not known."""
    extension = state.get("extension")
    return newest((extension.get("versions") if extension is not None else None) or [])


def last_status(state: WindowsState) -> Facts | None:
    """The newest version's answer to its newest command; None where there is none."""
    version = newest_version(state)
    return version.get("status") if version is not None else None


def succeeded(state: WindowsState) -> bool:
    """Whether the last run is known to have succeeded."""
    status = last_status(state)
    return status is not None and status.get("status") == "success"


def time_of_success(state: WindowsState) -> datetime.datetime | None:
    """When the last run ended, where it succeeded."""
    status = last_status(state)
    return _signs.moment(status.get("time")) if status is not None and succeeded(state) else None


def running_since(state: WindowsState) -> datetime.datetime | None:
    """When the last run told that it is under way, where that is not too long ago."""
    status = last_status(state)
    time = status.get("time") if status is not None and status.get("status") == "transitioning" else None
    minutes = _signs.minutes_before_capture(state, time)
    return _signs.moment(time) if minutes is not None and minutes <= COMMAND_MINUTES else None


def since_its_begin(state: WindowsState, time: object) -> bool:
    """Whether something was in a last run that has not ended."""
    status = last_status(state)
    if status is None or status.get("status") != "transitioning":
        return False
    run, then = _signs.moment(status.get("time")), _signs.moment(time)
    return bool(run and then and then >= run - _AFTER)


def after_success(state: WindowsState, found: Iterable[Facts]) -> list[Facts]:
    """Events that no success of the extension followed."""
    done = time_of_success(state)
    return [event for event in found if done is None or (_signs.moment(event.get("time")) or done) > done]


def not_followed_by_success(state: WindowsState, found: Iterable[Facts]) -> list[Facts]:
    """Events without those that are over: the extension has succeeded since, or it is in a later run."""
    done = time_of_success(state) or running_since(state)
    return [event for event in found if done is None or (_signs.moment(event.get("time")) or done) >= done - _BEFORE]


def events_of_the_run(state: WindowsState, kind: str, *ids: int) -> list[Facts]:
    """Events of one kind at the time of a run that failed, newest first."""
    log = state.get("events")
    found = (log.get(kind) if log is not None else None) or []
    return [event for event in found if (not ids or event.id in ids) and in_failed_run(state, event.get("time"))]


def run_failed(state: WindowsState) -> bool:
    """Whether the extension itself says that its last run failed."""
    status = last_status(state)
    return status is not None and status.get("status") == "error"


def time_of_failure(state: WindowsState) -> datetime.datetime | None:
    """When the last run ended, where it failed."""
    status = last_status(state)
    return _signs.moment(status.get("time")) if status is not None and run_failed(state) else None


def began_to_fail(state: WindowsState) -> datetime.datetime | None:
    """What was recorded since then may be of a last run that failed."""
    run = time_of_failure(state)
    return run - _BEFORE if run is not None else None


def not_before_failed_run(state: WindowsState, found: Iterable[Facts]) -> list[Facts]:
    """Events without those that were long before a last run that failed: they did not make it fail."""
    begin = began_to_fail(state)
    return [event for event in found if begin is None or (_signs.moment(event.get("time")) or begin) >= begin]


def in_failed_run(state: WindowsState, time: object) -> bool:
    """Whether something was at the time of a last run that failed."""
    run, then = time_of_failure(state), _signs.moment(time)
    return bool(run and then and run - _BEFORE <= then <= run + _AFTER)
