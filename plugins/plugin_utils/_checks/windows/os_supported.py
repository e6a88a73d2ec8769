# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure VM backup and the agent support this version of Windows.

Azure Backup supports 64-bit Windows Server 2008 R2 SP1 and newer. The current agent asks for Windows Server 2016;
older systems keep an older agent and get limited support. A version without support is a failure where the agent cannot
run on it, does not run, or is not ready.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, warn
from ..._facts._types import WindowsState
from .._pages import AGENT_WINDOWS, SUPPORT_MATRIX
from ._advice import SERVER_2016
from ._agents_report import agent_ready
from ._services import agents_run

CHECK = Check(
    aliases=("win_os_supported",),
    title="Azure VM backup supports this version of Windows",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    explains=("rdagent_running", "guestagent_running", "agent_status", "ext_status"),
    needs=("identity.os",),
    advice="Upgrade Windows, or move the workload to a VM with a supported version.",
    sources=(SUPPORT_MATRIX, AGENT_WINDOWS),
)

SERVER_2008_R2 = 7601


def judge(state: WindowsState) -> Verdict:
    system = state.identity.os
    if state.identity.get("bits64") is False:
        return fail("This Windows is 32-bit; the agent runs on 64-bit Windows only", state.identity.fact("bits64"))
    if system.build < SERVER_2008_R2:
        return (warn if agents_run(state) and agent_ready(state) else fail)(
            f"Build {system.build} of Windows is older than Windows Server 2008 R2 SP1 ({SERVER_2008_R2})",
            system.fact("name"),
            system.fact("build"),
            key="Windows is older than Windows Server 2008 R2 SP1",
        )
    note = "The current agent requires Windows Server 2016; older systems keep an older agent"
    return ok(system.fact("name"), system.fact("build"), why=note if system.build < SERVER_2016 else "")
