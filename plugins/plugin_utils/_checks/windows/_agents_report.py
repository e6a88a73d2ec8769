# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's own report on Windows: whether it is ready, and what it says of the snapshot extension."""

from __future__ import annotations

import datetime

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from . import _agent_log, _times
from ._last_run import newest_version, time_of_success

READY = ("ready", "none")
"""What the agent calls itself while it works, in small letters."""

REFUSAL = (
    r"\b(?:GetVersions|GetMachineGoalState)\(\) failed\b.{0,200}"
    r"(?:\(40[13]\)|HttpStatusCode: (?:Forbidden|Unauthorized))"
)
"""How the agent for Windows writes that its own request was refused."""


def agent_ready(state: WindowsState) -> bool:
    """Whether the agent calls itself ready, or has said nothing."""
    report = _report(state)
    return report is None or str(report.get("status")).lower() in READY


def last_worked(state: WindowsState) -> datetime.datetime | None:
    """When the agent last did its work: a run succeeded, or Azure has its report that it is ready."""
    report = _report(state)
    sent = _times.moment(report.get("uploaded")) if report is not None and agent_ready(state) else None
    return max((time for time in (time_of_success(state), sent) if time), default=None)


def reported(state: WindowsState) -> Facts | None:
    """The agent's report of a run that failed, where the extension's own status of it is gone."""
    version, report = newest_version(state), _report(state)
    if version is None or version.get("status") is not None or report is None:
        return None
    for handler in report.get("handlers") or []:
        own = "VMSnapshot" in str(handler.get("name")) and handler.get("version") == version.get("version")
        if own and handler.get("result") == "error":
            return handler
    return None


def held(state: WindowsState, status: Facts | None, version: object = None) -> Facts | None:
    """The agent's word on the extension, or on one version of it, where that is not ready.

    ``status``: the extension's own. None where that tells of a success that came later.
    """
    report = _report(state)
    if report is None:
        return None
    for handler in report.get("handlers") or []:
        if "VMSnapshot" not in str(handler.get("name")) or version not in (None, handler.get("version")):
            continue
        if str(handler.get("status")).lower() in ("notready", "unresponsive"):
            return None if _healed(report, status) else handler
    return None


def _report(state: WindowsState) -> Facts | None:
    agent = state.get("agent")
    return agent.get("aggregate") if agent is not None else None


def _healed(report: Facts, status: Facts | None) -> bool:
    """The extension succeeded after the agent wrote its report."""
    if status is None or status.get("status") != "success":
        return False
    told, done = _times.moment(report.get("written")), _times.moment(status.get("time"))
    return bool(told and done and done > told)


def refused(state: WindowsState) -> Evidence | None:
    """What the agent wrote last of the fabric refusing it; None where it has worked since."""
    lines = _agent_log.lines(state, REFUSAL, after=last_worked(state))
    return lines[-1] if lines else None
