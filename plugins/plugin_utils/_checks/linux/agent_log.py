# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's log is there, and of a size that does no harm."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("agent_logs",),
    title="The agent's log",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("agent.log",),
    explained_by=(
        "exthandler_stable",
        "agent_goal_state",
    ),
    source="article, issue 2 (collect the logs); WALinuxAgent issue 2336: a crash loop filled a disk with it",
)

LARGE = 1 << 30


def judge(state: GuestState) -> Verdict:
    log = state.agent.log
    if log is None:
        return ok(why="The agent has no log: it never ran, or its log was removed")
    if log.size > LARGE:
        return warn(f"The agent's log has grown to {log.size / LARGE:.1f} GiB", log.fact("size"), key="huge log")
    return ok(log.fact("size"), *([log.fact("last_line_age_s")] if log.get("last_line_age_s") is not None else []))
