# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restore points of the virtual machine, of all products."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, flag, record, records, text, whole

SECTION = record(
    __doc__,
    collections=records(
        "Restore point collections whose source is this machine.",
        id=text("Resource id."),
        resource_group=text("Resource group.", PEOPLE),
        of_backup=flag("It belongs to Azure Backup."),
        provisioning_state=text("Succeeded, Deleting, Failed, ...", NULL),
        count=whole("Restore points in it; null when it was not asked for.", NULL),
        oldest=text("Time of the oldest one, UTC.", NULL, PEOPLE),
    ),
)
