# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows guest agent is installed: services and programs."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_agent_installed",),
    title="The Windows guest agent is installed",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("services.RdAgent", "services.WindowsAzureGuestAgent", "agent.versions"),
    explained_by=(
        "wmi",
        "dotnet",
    ),
    error_codes=(
        "UserErrorGuestAgentStatusUnavailable",
        "UserErrorVmNotInDesirableState",
        "VmNotInDesirableState",
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
        "VMRestorePointInternalError",
        "VMAgentStatusCommunicationError",
        "AzureVmOffline",
        "UserErrorCrpReportedUserError",
        "OSProvisioningClientError",
    ),
    keeps_agent_down=True,
    source="Microsoft, troubleshooting the Windows Azure guest agent",
)


def judge(state: GuestState) -> Verdict:
    absent = [name for name in ("RdAgent", "WindowsAzureGuestAgent") if state.services[name] is None]
    programs = [item for item in state.agent.versions if item.get("wa_app_agent")]
    evidence = (
        Evidence("services that do not exist", absent),
        Evidence("folders with WaAppAgent.exe", [item.folder for item in programs]),
    )
    if len(absent) == 2 and not programs:
        return fail("The guest agent is not installed", *evidence)
    if absent:
        return fail(f"The guest agent is installed in part: {' and '.join(absent)} missing", *evidence)
    if not programs:
        return fail("The guest agent's services exist, its programs do not", *evidence)
    return ok(*evidence)
