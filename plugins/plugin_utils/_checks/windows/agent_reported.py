# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent has reported to Azure since it started.

After a restart this takes up to some minutes, and until then nothing else can be said about the agent. The playbook
verify waits for this check.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok, unknown
from ..._facts._types import WindowsState
from . import _times
from ._pages import VM_ASSIST_WINDOWS
from ._services import agents_run

CHECK = Check(
    title="The agent has reported since its start",
    severity=INFO,
    stage=Stage.GOAL_STATE,
    needs=("services.RdAgent", "services.WindowsAzureGuestAgent", "agent.aggregate", "agent.guest"),
    explained_by=("rdagent_running", "guestagent_running"),
    sources=(VM_ASSIST_WINDOWS,),
)


def judge(state: WindowsState) -> Verdict:
    report = state.agent.aggregate
    if report is None or not agents_run(state):
        return unknown("The agent does not run, or has never reported")
    # The time of the start is the agent's own word.
    guest = state.agent.guest
    started = _times.moment(guest.get("GuestAgentStartTime")) if guest is not None else None
    reported = _times.moment(report.get("modified"))
    if reported is None or started is not None and reported < started:
        return unknown("The agent has not reported since its start", report.fact("modified", report.get("path")))
    return ok(report.fact("modified", report.get("path")))
