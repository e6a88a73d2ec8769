# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control groups exist for agents that need them.

Agents 2.2.31 to 2.2.40 start an extension inside control groups and let a missing controller block it: with a kernel
that lacks one, a snapshot never finishes. Later agents do not need them.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, fail, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent import agent_version
from ._agent_log import logged
from ._pages import UPDATE_AGENT_LINUX

CHECK = Check(
    title="Control groups exist for agents that need them",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("agent.version", "agent.log"),
    explained_by=("agent_installed",),
    remedies=("agent_version",),
    sources=(
        UPDATE_AGENT_LINUX,
        agent_issue(1390, "a missing control group blocks extensions"),
        agent_issue(1484, "extensions are started in spite of control groups that fail"),
    ),
    advice="Upgrade the agent's package to 2.2.41 or later from the distribution's repository and restart the agent.",
)

FIRST, FIXED = (2, 2, 31), (2, 2, 41)
NEEDED = ("cpu", "memory")
FIX = Fix("agent_version", state="latest")


def judge(state: LinuxState) -> Verdict:
    version = agent_version(state)
    if version is None or not FIRST <= version < FIXED:
        return not_applicable("This agent does not need control groups")
    stated = state.agent.version
    line, groups = logged(state, "cgroups_unavailable"), state.agent.get("cgroups")
    lacking = [name for name in NEEDED if groups and name not in groups.controllers]
    why = f"The agent {stated.value} needs control groups that the kernel does not have"
    key = "This agent needs control groups that the kernel does not have"
    if line:
        return fail(why, line, stated.fact("value"), key=key, fix=FIX)
    if lacking:
        return warn(f"{why}: {', '.join(lacking)}", groups.fact("controllers"), key=key, fix=FIX)
    return ok(stated.fact("value"))
