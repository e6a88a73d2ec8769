# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of Azure Backup whose source is this virtual machine, or was a machine of its name."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, flag, record, records, text, texts

ON = ("Protected", "IRPending")
UNORDERED = ("ProtectionStopped", "ProtectionPaused", "BackupsSuspended")
"""States of an item that is backed up by a schedule, and of one that no longer is."""

_ITEM = {
    "id": text("Resource id."),
    "vault_id": text("Resource id of the vault."),
    "policy_id": text("Resource id of the policy; null when there is none.", NULL, PEOPLE),
    "policy": text("Name of the policy.", NULL),
    "source_id": text("Resource id of the machine."),
    "protection_state": text("Protected, IRPending, ProtectionStopped, ProtectionPaused, BackupsSuspended, ...", NULL),
    "protection_status": text("Healthy or Unhealthy.", NULL, PEOPLE),
    "health_status": text("Passed, ActionRequired, ActionSuggested, Healthy, ...", NULL),
    "health": records(
        "What the service says of it.",
        code=text("Code.", NULL),
        title=text("Title.", NULL),
        message=text("Text.", NULL),
        recommendations=text("What the service recommends.", NULL),
    ),
    "last_status": text("Of the last backup: Completed, Failed, ...; null when there was none.", NULL),
    "last_time": text("When it ended, UTC.", NULL),
    "last_point": text("Time of the last recovery point, UTC.", NULL),
    "excluded_disks": texts("Names of its data disks that the backup leaves out."),
    "soft_deleted": flag("It was deleted, and can be brought back for a while."),
}

SECTION = record(
    __doc__,
    items=records("Items of this machine.", **_ITEM),
    former=records("Items of a machine of the same name that is not this one: moved, or made anew.", **_ITEM),
)
