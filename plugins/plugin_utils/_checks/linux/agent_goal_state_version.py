# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of the agent handles goal states, beside the installed one."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, not_applicable, ok
from ..._engine._state import GuestState
from .._versions import version

CHECK = Check(
    aliases=("agent_goal_state_equal",),
    title="Goal-state agent and installed agent",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("agent.version", "agent.installed"),
    source="agent's version module. Equal is normal right after a package upgrade and with automatic update off",
)


def judge(state: GuestState) -> Verdict:
    stated, installed = state.agent.version, state.agent.installed
    if installed is None or stated.value is None:
        return not_applicable("The agent's version is not known")
    same = version(stated.value) == version(installed.version)
    note = "The installed agent handles goal states itself" if same else "A downloaded agent handles goal states"
    return ok(stated.fact("value"), installed.fact("version"), why=note)
