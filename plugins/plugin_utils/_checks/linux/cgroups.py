# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control groups do not stop extensions on agents that needed them."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from ._agent import agent_version, logged

CHECK = Check(
    title="Control groups are there for agents that need them",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("agent.version",),
    explained_by=("agent_installed",),
    source="WALinuxAgent issue 1390: agents 2.2.31 to 2.2.40 let missing controllers block extensions",
)

FIRST, FIXED = (2, 2, 31), (2, 2, 41)
NEEDED = ("cpu", "memory")


def judge(state: GuestState) -> Verdict:
    version = agent_version(state)
    if version is None or not FIRST <= version < FIXED:
        return not_applicable("This agent does without control groups")
    line, groups = logged(state, "cgroups_unavailable"), state.agent.get("cgroups")
    lacking = [name for name in NEEDED if groups and name not in groups.controllers]
    if line:
        return fail(
            "This agent needs control groups that the kernel does not have", line, state.agent.version.fact("value")
        )
    if lacking:
        return warn("This agent needs control groups that the kernel does not have", groups.fact("controllers"))
    return ok(state.agent.version.fact("value"))
