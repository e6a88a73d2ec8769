# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Foreign libraries in the agent's processes: information beside crashes."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_third_party_modules",),
    title="Libraries of others in the agent's processes",
    severity=INFO,
    stage=Stage.AGENT,
    needs=("agent.processes",),
    source="VM assist for Windows",
)


def judge(state: GuestState) -> Verdict:
    found = [
        Evidence(f"process {name}", f"{module.file} ({module.company})")
        for name in state.agent.processes
        for process in state.agent.processes[name]
        for module in process.foreign_modules
    ]
    return ok(*found, why="Software of others runs inside the agent" if found else "")
