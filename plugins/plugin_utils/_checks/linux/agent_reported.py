# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent has reported to Azure since it started.

After a restart the first report takes up to a few minutes, and until then nothing else can be said about the agent. The
playbook verify waits for this check.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok, unknown
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._agent import has_reported

CHECK = Check(
    title="The agent has reported since its start",
    severity=INFO,
    stage=Stage.GOAL_STATE,
    needs=("agent.daemon", "agent.handler", "agent.status"),
    explained_by=("agent_service_running",),
    sources=(TROUBLESHOOT_AGENT, agent_file("azurelinuxagent/ga/update.py")),
)


def judge(state: LinuxState) -> Verdict:
    daemon, handler, status = state.agent.daemon, state.agent.handler, state.agent.status
    if daemon is None or handler is None or status is None:
        return unknown("The agent does not run, or has never reported")
    if daemon.age_s is None:
        return unknown("It cannot be determined when the agent started", status.fact("age_s"))
    if not has_reported(state):
        return unknown("The agent has not reported since its start", status.fact("age_s"), daemon.fact("age_s"))
    return ok(status.fact("age_s"), daemon.fact("age_s"))
