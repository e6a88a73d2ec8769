# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service RdAgent, which starts and updates the guest agent, runs."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict
from ..._engine._state import GuestState
from ._services import must_run

CHECK = Check(
    aliases=("win_svc_rdagent",),
    title="The service RdAgent runs",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("services.RdAgent",),
    explained_by=(
        "agent_installed",
        "applocker",
        "agent_stable",
    ),
    error_codes=(
        "UserErrorGuestAgentStatusUnavailable",
        "GuestAgentSnapshotTaskStatusError",
        "ExtensionOperationFailedForManagedDisks",
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
        "VMRestorePointInternalError",
        "VMAgentStatusCommunicationError",
        "UserErrorCrpReportedUserError",
        "OSProvisioningClientError",
    ),
    source="Microsoft, troubleshooting the Windows Azure guest agent",
)


def judge(state: GuestState) -> Verdict:
    return must_run(state, "RdAgent", "it starts and updates the guest agent")
