# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .NET Framework is new enough for agent and plugin."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_dotnet",),
    title=".NET Framework 4.5 or newer is installed",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("dotnet.release",),
    keeps_agent_down=True,
    source="Microsoft, troubleshooting Azure VM backup: .NET 4.5",
)

RELEASE_45 = 378389


def judge(state: GuestState) -> Verdict:
    release = state.dotnet.release
    evidence = Evidence(r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full: Release", release)
    if release is None:
        return fail(".NET Framework 4.5 or newer is not installed", evidence)
    if release < RELEASE_45:
        return fail("The .NET Framework is older than 4.5", evidence)
    return ok(evidence)
