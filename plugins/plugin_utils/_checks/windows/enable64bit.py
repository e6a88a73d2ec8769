# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
""".NET is not forced to 32 bits.

Where Enable64Bit is 0, Windows runs .NET executables as 32 bit. The agent is a 64-bit program and cannot load its own
libraries then (BadImageFormatException). Third-party installers set this value.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from ._pages import TROUBLESHOOT_AGENT_WINDOWS

CHECK = Check(
    aliases=("win_enable64bit",),
    title=".NET runs 64-bit executables as 64 bit",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("dotnet.enable64bit",),
    keeps_agent_down=True,
    advice=r"Run 'reg add HKLM\SOFTWARE\Microsoft\.NETFramework /v Enable64Bit /t REG_DWORD /d 1 /f' and reboot.",
    sources=(TROUBLESHOOT_AGENT_WINDOWS,),
)


def judge(state: WindowsState) -> Verdict:
    value = state.dotnet.enable64bit
    evidence = Evidence(r"HKLM\SOFTWARE\Microsoft\.NETFramework: Enable64Bit", value)
    if value == 0:
        return fail("Enable64Bit is 0: .NET is forced to 32 bits, and the agent cannot load its libraries", evidence)
    return ok(evidence)
