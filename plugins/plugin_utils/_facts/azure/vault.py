# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Recovery Services vault of the virtual machine; null when nothing protects it. Of one that may not be read,
id and names only."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, flag, record, text, whole

SECTION = record(
    __doc__,
    NULL,
    id=text("Resource id."),
    name=text("Name."),
    location=text("Region."),
    subscription=text("Subscription id."),
    redundancy=text("LocallyRedundant, ZoneRedundant, GeoRedundant.", NULL),
    redundancy_locked=flag("It can no longer be changed.", NULL, PEOPLE),
    public_access=text("Enabled or Disabled. No condition of a backup of machines.", NULL, PEOPLE),
    immutability=text("Disabled, Unlocked, Locked.", NULL, PEOPLE),
    soft_delete=text("Enabled, AlwaysON, Disabled.", NULL, PEOPLE),
    key_status=text("Last update of its own key: Succeeded, Failed, PartiallyFailed, ...", NULL),
    used=whole("Virtual machines that it protects.", NULL),
    limit=whole("Virtual machines that it can protect; null when Azure states no limit.", NULL),
)
