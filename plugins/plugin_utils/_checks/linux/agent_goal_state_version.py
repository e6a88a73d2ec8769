# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of the agent processes goal states, next to the installed one.

What runs backups is the agent that processes goal states, and that may be newer than the package. Equal versions are
normal right after a package upgrade and where automatic updates are off.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import agent_file
from .._versions import version
from ._pages import AGENT_FAQ

CHECK = Check(
    aliases=("agent_goal_state_equal",),
    title="It is known which version of the agent processes goal states",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("agent.version", "agent.installed"),
    sources=(AGENT_FAQ, agent_file("azurelinuxagent/common/version.py")),
)


def judge(state: LinuxState) -> Verdict:
    stated, installed = state.agent.version, state.agent.installed
    if installed is None or stated.value is None:
        return not_applicable("The agent's version is not known")
    same = version(stated.value) == version(installed.version)
    note = "The installed agent processes goal states itself" if same else "A downloaded agent processes goal states"
    return ok(stated.fact("value"), installed.fact("version"), why=note)
