# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
""".NET is not forced to 32 bits."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_enable64bit",),
    title=".NET may run 64-bit programs",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("dotnet.enable64bit",),
    keeps_agent_down=True,
    source="Microsoft, troubleshooting the Windows Azure guest agent: BadImageFormatException",
)


def judge(state: GuestState) -> Verdict:
    value = state.dotnet.enable64bit
    evidence = Evidence(r"HKLM\SOFTWARE\Microsoft\.NETFramework: Enable64Bit", value)
    if value == 0:
        return fail(".NET is forced to 32 bits: the agent cannot load its programs", evidence)
    return ok(evidence)
