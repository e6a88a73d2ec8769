# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent reports its status to Azure all the time.

Azure Backup looks at that status first: the job fails when the agent has not reported. The agent writes its status
file after every report, by default every 6 seconds and with extensions off every 5 minutes. While it cannot report it
logs the error every minute, and logs nothing once it can report again.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Fix, Stage, Verdict, fail, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._advice import RESTART
from ._agent import FRESH_STATUS_S
from ._agent_log import log_age, log_count, logged

CHECK = Check(
    aliases=("agent_heartbeat",),
    title="The agent reports its status",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent",),
    explained_by=("exthandler_running",),
    remedies=("waagent_service",),
    sources=(TROUBLESHOOT_AGENT, agent_file("azurelinuxagent/ga/update.py")),
    advice=f"Restart the agent: {RESTART}. If it stays silent, look in /var/log/waagent.log for errors that name"
    " 168.63.129.16.",
)

SILENT_S = 30 * 60
TRIES = 3
RETRY_S = 5 * 60

UNSENT = "The agent cannot send its status to Azure"
FIX = Fix("waagent_service", slow=True, state="restarted")


def judge(state: LinuxState) -> Verdict:
    unsent = _unsent(state)
    if unsent and not state.live:
        return fail(UNSENT, unsent)
    daemon, status = state.agent.daemon, state.agent.status
    if daemon is None:
        return not_applicable("The daemon does not run")
    if unsent:
        return fail(UNSENT, unsent, fix=FIX)
    if status is None:
        return not_applicable("This agent keeps no status file")
    if status.age_s <= FRESH_STATUS_S or (daemon.age_s or 0) < FRESH_STATUS_S:
        return ok(status.fact("age_s"))
    why = f"The agent runs and last reported {status.age_s // 60:,} minutes ago"
    if status.age_s > SILENT_S and (daemon.age_s or 0) > SILENT_S:
        key = "The agent runs and has not reported for more than half an hour"
        return fail(why, status.fact("age_s"), key=key, fix=FIX)
    key = "The agent runs and has not reported for more than ten minutes"
    return warn(why, status.fact("age_s"), key=key, fix=FIX)


def _unsent(state: LinuxState) -> Evidence | None:
    age = log_age(state, "status_not_sent")
    if age is None or age > RETRY_S or log_count(state, "status_not_sent") < TRIES:
        return None
    return logged(state, "status_not_sent")
