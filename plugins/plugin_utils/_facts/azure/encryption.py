# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that the disks of the virtual machine are encrypted with."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, flag, record, records, text

SECTION = record(
    __doc__,
    sets=records(
        "Disk encryption sets of its disks.",
        id=text("Resource id."),
        provisioning_state=text("Succeeded, Failed, ...", NULL),
        rotation_error=text("Why the key could not be rotated.", NULL),
        key_url=text("Its active key.", NULL, PEOPLE),
        key=record(
            "The key in its vault; null when Azure does not say where that is.",
            NULL,
            found=flag("It is there."),
            enabled=flag("It is enabled.", NULL),
            expires=text("When it expires, UTC. That alone does not stop a machine.", NULL, PEOPLE),
        ),
    ),
    ade=record(
        "The key vault of Azure Disk Encryption.",
        NULL,
        vault_id=text("Resource id.", NULL),
        vault_location=text("Its region.", NULL),
        vault_subscription=text("Its subscription.", NULL),
        readable=flag("The backup service may read its keys and secrets; null when that cannot be told.", NULL),
    ),
)
