# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Error codes of Azure Backup that come together, because one thing has several names."""

from __future__ import annotations

NO_REPORT = (
    "UserErrorGuestAgentStatusUnavailable",
    "BackUpOperationFailed",
    "BackUpOperationFailedV2",
    "VMRestorePointInternalError",
    "VMAgentStatusCommunicationError",
    "UserErrorCrpReportedUserError",
    "OSProvisioningClientError",
)
"""The agent does not report to Azure."""

NO_STATUS = ("GuestAgentSnapshotTaskStatusError", "ExtensionOperationFailedForManagedDisks")
"""Azure hears nothing of the snapshot: the agent did not take the order, or says nothing of its result."""
