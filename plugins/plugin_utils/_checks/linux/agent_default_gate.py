# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The switch that the agent's start script obeys is on."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, not_applicable, ok
from ..._engine._state import GuestState
from ._agent import at_next_start

CHECK = Check(
    title="/etc/default/walinuxagent lets the agent start",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.default_gate",),
    explained_by=("agent_installed",),
    keeps_agent_down=True,
    source="Ubuntu's upstart job: anything but WALINUXAGENT_ENABLED=1 stops it, a missing file too",
)


def judge(state: GuestState) -> Verdict:
    gate = state.agent.default_gate
    if gate is None or not gate.required:
        return not_applicable("The agent's service has no such switch")
    if gate.value == "1":
        return ok(gate.fact("value"))
    return at_next_start(state, "WALINUXAGENT_ENABLED is not 1: the start script ends at once", gate.fact("value"))
