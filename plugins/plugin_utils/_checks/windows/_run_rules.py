# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts on the last run of the snapshot extension on Windows: it failed, or it never ended."""

from __future__ import annotations

import re

from ..._engine._model import Evidence, Verdict, fail, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._times import iso
from . import _times
from ._agents_report import reported
from ._extension import refused_by_host
from ._last_run import COMMAND_MINUTES
from ._set_off import set_off

INTERRUPTED_MINUTES = 24 * 60
"""A run that a reboot interrupted is only odd when the next one is overdue."""


def failed(state: WindowsState, version: Facts) -> Verdict | None:
    """The verdict where the extension, or the agent in its place, says that its last run failed."""
    status, told = version.status, reported(state)
    if told is not None:
        why = f"The last run of the snapshot extension failed: {told.get('result_message') or 'no reason given'}"
        return fail(why, told.fact("result", "the agent's report"), told.fact("result_message"), key="no status")
    if status is None:
        return None
    if status.get("error"):
        return warn("The snapshot extension's status file cannot be read", status.fact("error", status.path))
    if status.status == "error":
        name = re.match(r"\w*(Extension|UserError|Snapshot)\w+(?=:)", status.message or "")
        host = refused_by_host(state)
        return (warn if host else fail)(
            f"The last run of the snapshot extension failed: {status.message or f'code {status.code}'}",
            *status_shown(version),
            *set_off(state, status.get("time")),
            key=name[0] if name else f"code {status.code}",
            since=iso(then) if (then := _times.moment(status.get("time"))) else None,
        )
    return None


def unfinished(state: WindowsState, version: Facts) -> Verdict | None:
    """The verdict where the last run, or the answer to the last command, is overdue."""
    status = version.status
    if status is None or status.get("error"):
        return None
    age = _times.minutes_before_capture(state, status.get("time"))
    up = _times.minutes_before_capture(state, state.get("identity", {}).get("boot_time"))
    limit = COMMAND_MINUTES if age is None or up is None or age < up else INTERRUPTED_MINUTES
    if status.status == "transitioning" and age is not None and age > limit:
        return warn("The last run of the snapshot extension never finished", *status_shown(version))
    if version.get("sequence") is not None and version.sequence > status.sequence:
        return warn(
            f"The snapshot extension has not answered the agent's command {version.sequence}",
            version.fact("sequence", version.folder),
            status.fact("sequence", status.path),
            key="The snapshot extension has not answered the agent's last command",
        )
    return None


def status_shown(version: Facts) -> list[Evidence]:
    """The extension's own word on its last run, as evidence."""
    status = version.status
    if status is None:
        return [Evidence(str(version.folder), "no status yet")]
    return [status.fact(name, status.path) for name in ("status", "code", "message", "time")]
