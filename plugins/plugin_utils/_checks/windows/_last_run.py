# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last run of the snapshot extension on Windows: how it ended, and when."""

from __future__ import annotations

import datetime

from ....module_utils._guest.handlers import COMMAND_LIMIT_S
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._versions import newest
from ._times import minutes_before_capture, moment

COMMAND_MINUTES = COMMAND_LIMIT_S // 60


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
    return moment(status.get("time")) if status is not None and succeeded(state) else None


def running_since(state: WindowsState) -> datetime.datetime | None:
    """When the last run told that it is under way, where that is not too long ago."""
    status = last_status(state)
    time = status.get("time") if status is not None and status.get("status") == "transitioning" else None
    minutes = minutes_before_capture(state, time)
    return moment(time) if minutes is not None and minutes <= COMMAND_MINUTES else None


def run_failed(state: WindowsState) -> bool:
    """Whether the extension itself says that its last run failed."""
    status = last_status(state)
    return status is not None and status.get("status") == "error"


def time_of_failure(state: WindowsState) -> datetime.datetime | None:
    """When the last run ended, where it failed."""
    status = last_status(state)
    return moment(status.get("time")) if status is not None and run_failed(state) else None
