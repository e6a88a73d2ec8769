# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agents before 2.8 cache each goal state in a file. When Azure restarts its goal-state counter at 1, their clean-up
removes the newest files, and the agent then looks for a file that is gone."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent import agent_version
from ._agent_log import logged

CHECK = Check(
    aliases=("stale_goal_state",),
    title="The cached goal state is usable",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.log",),
    explained_by=(
        "agent_installed",
        "disk_space",
    ),
    sources=(agent_issue(996, "the incarnation went back to 1"),),
    advice=(
        "Upgrade the agent: 2.8 and later keep no goal states in files. Until then, restart it; if files are "
        "still missing, remove `/var/lib/waagent/GoalState.*.xml` and restart it again."
    ),
)

PLACEHOLDERS_SINCE = (2, 8)
"""Agents from here on keep goal states in memory and write empty files for others."""

KEPT = 50


def judge(state: LinuxState) -> Verdict:
    line, version = logged(state, "goal_state_file_missing"), agent_version(state)
    if version is not None and version >= PLACEHOLDERS_SINCE:
        return not_applicable("This agent needs no cached goal state")
    if line and "goal_state_files" not in state.agent:
        return fail("The agent's clean-up removed the goal state that it now looks for", line)
    files = state.agent.goal_state_files
    evidence = [Evidence(f"{files.origin}: GoalState.*.xml", _range(files))]
    if line:
        return fail("The agent's clean-up removed the goal state that it now looks for", line, *evidence)
    if files.get("placeholders"):
        return ok(*evidence, why="Empty files, as agents leave them that need no cached goal state")
    if files.current_is_there is False and files.count:
        return warn("The cached goal states are all older than the one in force", *evidence, files.fact("incarnation"))
    if version is not None and files.count >= KEPT and (files.lowest or 0) > 1:
        return warn(
            "Old goal states fill the cache: the agent will fail when Azure restarts its goal-state counter at 1",
            *evidence,
        )
    return ok(*evidence)


def _range(files: Facts) -> str:
    return f"{files.count} files, {files.lowest} to {files.highest}" if files.count else "none"
