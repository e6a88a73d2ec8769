# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service WindowsAzureGuestAgent, which runs the extensions, runs."""

from __future__ import annotations

from .._engine._model import CRITICAL, WINDOWS, Check, Stage, Verdict
from .._engine._state import GuestState
from .._windows.services import must_run

CHECK = Check(
    id="win_svc_guestagent",
    title="The service WindowsAzureGuestAgent runs",
    platforms=(WINDOWS,),
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("services.WindowsAzureGuestAgent",),
    explained_by=(
        "win_agent_installed",
        "win_transparent_update",
        "win_applocker",
        "win_dotnet",
        "win_enable64bit",
        "win_machine_config",
        "win_wcf_debugging",
        "win_folder_acl",
        "win_agent_crash",
        "win_svc_rdagent",
    ),
    remedy="win_backup_services",
    source="Microsoft, troubleshooting the Windows Azure guest agent",
)


def judge(state: GuestState) -> Verdict:
    return must_run(state, "WindowsAzureGuestAgent", "it runs the extensions")
