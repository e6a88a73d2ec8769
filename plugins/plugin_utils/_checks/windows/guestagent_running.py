# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
r"""The service WindowsAzureGuestAgent runs.

This service gets the commands of Azure and runs the extensions; while it is down no snapshot is taken. Running now but
not automatic is a warning: it stays down after the next boot. A service that is marked for deletion belongs to an
agent that was uninstalled, and goes with the next reboot.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict
from ..._facts._types import WindowsState
from .._codes import NO_REPORT, NO_STATUS
from .._pages import TROUBLESHOOT_AGENT
from ._agent_service import must_run
from ._pages import SC_CONFIG, TROUBLESHOOT_AGENT_WINDOWS

CHECK = Check(
    aliases=("win_svc_guestagent",),
    title="The service WindowsAzureGuestAgent runs",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("services.WindowsAzureGuestAgent",),
    explained_by=(
        "transparent_update",
        "service_dependencies",
        "agent_folder_acl",
        "rdagent_running",
    ),
    error_codes=(*NO_REPORT, *NO_STATUS),
    remedies=("win_backup_services",),
    advice=(
        "Run 'sc.exe config WindowsAzureGuestAgent start= auto' and 'net start WindowsAzureGuestAgent'. If it exits "
        r"again, read C:\WindowsAzure\Logs\WaAppAgent.log."
    ),
    sources=(TROUBLESHOOT_AGENT_WINDOWS, TROUBLESHOOT_AGENT, SC_CONFIG),
)


def judge(state: WindowsState) -> Verdict:
    # A disabled service stays disabled whatever else is fixed.
    return must_run(state, "WindowsAzureGuestAgent", "it runs the extensions", own=True)
