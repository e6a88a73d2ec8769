# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent can read its goal state."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok
from ..._engine._state import GuestState
from ._agent import logged

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
    source="agent's log: an error in reading the goal state that no later success ends",
)


def judge(state: GuestState) -> Verdict:
    log = state.agent.log
    if log is None:
        return not_applicable("The agent has no log")
    line = logged(state, "goal_state_unreadable")
    if line is None:
        return ok(log.fact("size"))
    if "'etype'" in str(line.value):
        why = "The agent cannot read its goal state, and this version crashes before it logs the reason"
    else:
        why = "The agent cannot read its goal state"
    return fail(why, line)
