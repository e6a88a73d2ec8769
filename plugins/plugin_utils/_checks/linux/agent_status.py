# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent reports its status all the time."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from ._agent import FRESH_STATUS_S, log_age, log_count, logged

CHECK = Check(
    aliases=("agent_heartbeat",),
    title="The agent reports its status",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.daemon", "agent.status"),
    explained_by=("exthandler_running",),
    source="agent's update loop: it writes waagent_status after every report, every 6 seconds by default",
)

SILENT_S = 30 * 60

TRIES = 3
RETRY_S = 5 * 60
"""Agents repeat the error every minute while they cannot report, and say nothing when they can again."""


def judge(state: GuestState) -> Verdict:
    daemon, status = state.agent.daemon, state.agent.status
    if daemon is None:
        return not_applicable("The daemon does not run")
    unsent = _unsent(state)
    if unsent:
        return fail("The agent cannot send its status to the platform", unsent)
    if status is None:
        return not_applicable("This agent keeps no status file")
    if status.age_s <= FRESH_STATUS_S or (daemon.age_s or 0) < FRESH_STATUS_S:
        return ok(status.fact("age_s"))
    if status.age_s > SILENT_S and (daemon.age_s or 0) > SILENT_S:
        return fail("The agent runs and has not reported for more than half an hour", status.fact("age_s"))
    return warn("The agent runs and has not reported for more than ten minutes", status.fact("age_s"))


def _unsent(state: GuestState):
    age = log_age(state, "status_not_sent")
    if age is None or age > RETRY_S or log_count(state, "status_not_sent") < TRIES:
        return None
    return logged(state, "status_not_sent")
