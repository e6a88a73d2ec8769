# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service RdAgent runs.

RdAgent starts, watches and updates the guest agent and sends heartbeats to the Azure host. Without it the guest agent
is not started again, and Azure considers the VM's agent not ready. Running now but not automatic is a warning: it
stays down after the next boot.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict
from ..._facts._types import WindowsState
from .._codes import NO_REPORT, NO_STATUS
from .._pages import TROUBLESHOOT_AGENT
from ._agent_service import must_run
from ._pages import SC_CONFIG, TROUBLESHOOT_AGENT_WINDOWS

CHECK = Check(
    aliases=("win_svc_rdagent",),
    title="The service RdAgent runs",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("services.RdAgent",),
    explained_by=(
        "agent_installed",
        "service_dependencies",
        "applocker",
        "agent_stable",
    ),
    error_codes=(*NO_REPORT, *NO_STATUS),
    remedies=("win_backup_services",),
    advice=(
        "Run 'sc.exe config RdAgent start= auto' and 'net start RdAgent'. If it exits again, read "
        r"C:\WindowsAzure\Logs\WaAppAgent.log."
    ),
    sources=(TROUBLESHOOT_AGENT_WINDOWS, TROUBLESHOOT_AGENT, SC_CONFIG),
)


def judge(state: WindowsState) -> Verdict:
    return must_run(state, "RdAgent", "it starts and updates the guest agent")
