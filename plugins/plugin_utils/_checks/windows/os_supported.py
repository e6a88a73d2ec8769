# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent supports this Windows."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_os_supported",),
    title="This Windows is supported",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("identity.os",),
    source="Microsoft, support matrix of Azure VM backup; Azure VM agent for Windows",
)

SERVER_2008_R2, SERVER_2016 = 7601, 14393


def judge(state: GuestState) -> Verdict:
    system = state.identity.os
    if state.identity.get("bits64") is False:
        return warn("The agent runs on 64-bit Windows only", state.identity.fact("bits64"))
    if system.build < SERVER_2008_R2:
        return warn(
            "This Windows is older than the oldest that is supported", system.fact("name"), system.fact("build")
        )
    note = "The current agent asks for Windows Server 2016; older ones keep an older agent"
    return ok(system.fact("name"), system.fact("build"), why=note if system.build < SERVER_2016 else "")
