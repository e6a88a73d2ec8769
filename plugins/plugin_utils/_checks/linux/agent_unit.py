# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent has a service of one of the names that distributions give it."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, ok
from ..._engine._state import GuestState
from ._agent import at_next_start

CHECK = Check(
    aliases=("agent_unit_name",),
    title="The agent has a service",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=("agent_installed",),
    keeps_agent_down=True,
    source="agent's osutil: walinuxagent on Ubuntu, Debian and Devuan, waagent elsewhere; aliases are resolved",
)


def judge(state: GuestState) -> Verdict:
    unit = state.agent.unit
    if unit is not None:
        return ok(unit.fact("name"))
    looked = Evidence("units and start scripts walinuxagent, waagent", "absent")
    return at_next_start(state, "Nothing starts the agent: it has no service under any of its names", looked)
