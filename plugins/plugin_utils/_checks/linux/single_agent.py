# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One agent only."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("duplicate_agents",),
    title="Only one agent is installed",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("agent.other_units",),
    source="agent's daemon ends when another one holds the pid file; WALinuxAgent issue 2336: files of two versions",
)


def judge(state: GuestState) -> Verdict:
    units = state.agent.other_units
    if units:
        name = state.agent.unit.name
        return warn("Two services start the agent", Evidence("units", ", ".join([name, *units])))
    if state.agent.get("daemons", 0) > 1:
        return warn("Several daemons of the agent run", state.agent.fact("daemons", "processes"))
    places = [place for place in state.agent.get("modules", []) if place.version]
    if len({place.version for place in places}) > 1:
        evidence = [Evidence(place.path, place.version) for place in places]
        return warn("The agent is installed in several versions", *evidence)
    return ok(Evidence("units", "one"))
