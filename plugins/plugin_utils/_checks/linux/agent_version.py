# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent that runs is not older than the oldest supported version."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, ok, unknown, warn
from ..._engine._state import GuestState
from .._versions import version

CHECK = Check(
    aliases=("agent_version_min",),
    title="The agent's version is supported",
    severity=CRITICAL,
    stage=Stage.RESILIENCE,
    needs=("agent.version",),
    explained_by=(
        "os_supported",
        "agent_update_usable",
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
    source="article, issue 2; minimum version support for the VM agent. What runs counts, not the package",
)


def judge(state: GuestState) -> Verdict:
    stated = state.agent.version
    if stated.value is None:
        return unknown("No file and no process says which version of the agent this is")
    wanted = state.want.min_agent_version
    if version(stated.value) >= version(wanted):
        return ok(stated.fact("value"))
    # Old alone proves no failure: errors that a version explains have checks of their own.
    return warn(f"The agent {stated.value} is older than {wanted}, the oldest supported version", stated.fact("value"))
