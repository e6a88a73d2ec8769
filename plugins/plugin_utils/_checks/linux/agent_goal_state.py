# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent can read its goal state.

A backup reaches the guest as a goal state: an agent that cannot read it never learns that a snapshot is wanted. An
error counts until the log shows a later success. Some versions crash while they log the error, so that its reason is
lost.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import FABRIC_ADDRESS, TROUBLESHOOT_AGENT, agent_file
from ._advice import RESTART
from ._agent_log import logged, logged_text

CHECK = Check(
    aliases=("agent_goal_state_error",),
    title="The agent reads its goal state",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("agent.log",),
    explained_by=(
        "wireserver_endpoint_file",
        "endpoint_discovery",
        "wire_not_proxied",
        "agent_service_running",
        "openssl",
        "goal_state_cache",
        "hostga_tcp_32526",
    ),
    remedies=("waagent_service",),
    sources=(agent_file("azurelinuxagent/common/protocol/goal_state.py"), TROUBLESHOOT_AGENT, FABRIC_ADDRESS),
    advice=f"Restart the agent: {RESTART}. If the error comes back, update the agent and follow the reason in"
    " /var/log/waagent.log.",
)


def judge(state: LinuxState) -> Verdict:
    log = state.agent.log
    if log is None:
        return not_applicable("The agent has no log")
    line = logged(state, "goal_state_unreadable")
    if line is None:
        return ok(log.fact("size"))
    if "'etype'" in (logged_text(state, "goal_state_unreadable") or ""):
        why = "The agent cannot read its goal state, and this version crashes before it logs the reason"
    else:
        why = "The agent cannot read its goal state"
    return fail(why, line, fix=Fix("waagent_service", slow=True, state="restarted"))
