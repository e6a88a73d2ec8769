# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No third-party libraries are loaded into the agent's processes.

Security and monitoring products load libraries into other processes. Where the agent crashes, these are the first
suspects; where it does not, they do no harm. So they are shown and not judged.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, ok
from ..._facts._types import WindowsState
from ._pages import VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_third_party_modules",),
    title="The agent's processes hold no third-party libraries",
    severity=INFO,
    stage=Stage.AGENT,
    needs=("agent.processes",),
    sources=(VM_ASSIST_WINDOWS,),
)


def judge(state: WindowsState) -> Verdict:
    found = [
        Evidence(f"process {name}", f"{module.file} ({module.company})")
        for name in state.agent.processes
        for process in state.agent.processes[name]
        for module in process.foreign_modules
    ]
    return ok(*found, why="Third-party libraries are loaded into the agent" if found else "")
