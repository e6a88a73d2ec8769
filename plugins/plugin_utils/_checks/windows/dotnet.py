# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .NET Framework is new enough for the agent and the snapshot extension.

Both are .NET programs: the agent asks for 4.0, Azure Backup for 4.5. The number Release in the registry tells the
version; it does not exist below 4.5.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Source, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from .._pages import AGENT_WINDOWS, TROUBLESHOOT_AGENT

CHECK = Check(
    aliases=("win_dotnet",),
    title=".NET Framework 4.5 or newer is installed",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("dotnet.release",),
    keeps_agent_down=True,
    advice=(
        "Install .NET Framework 4.8 with the offline installer from "
        "https://dotnet.microsoft.com/download/dotnet-framework and reboot."
    ),
    error_codes=("GuestAgentPluginInstallCommandProcessingFailed",),
    sources=(
        TROUBLESHOOT_AGENT,
        AGENT_WINDOWS,
        Source(
            "Determine which .NET Framework versions are installed",
            "https://learn.microsoft.com/dotnet/framework/install/how-to-determine-which-versions-are-installed",
        ),
    ),
)

RELEASE_45 = 378389


def judge(state: WindowsState) -> Verdict:
    release = state.dotnet.release
    evidence = Evidence(r"HKLM\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full: Release", release)
    if release is None:
        return fail("The registry has no Release of the .NET Framework: it is missing or older than 4.5", evidence)
    if release < RELEASE_45:
        return fail(f"Release {release} of the .NET Framework is older than 4.5 ({RELEASE_45})", evidence)
    return ok(evidence)
