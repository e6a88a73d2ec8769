# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disks of the virtual machine: what its model says of each, and the disk resource where there is one."""

from __future__ import annotations

from .._kinds import NULL, PEOPLE, flag, listing, one_of, record, text, whole

SECTION = listing(
    __doc__,
    record(
        "",
        name=text("Name."),
        id=text("Resource id; null for an unmanaged disk.", NULL, PEOPLE),
        role=one_of("What it is for.", "os", "data"),
        lun=whole("Logical unit number of a data disk.", NULL, PEOPLE),
        sku=text("Kind of storage, such as Premium_LRS, UltraSSD_LRS, PremiumV2_LRS.", NULL),
        created=text("When it was made, UTC.", NULL),
        size_gb=whole("Size in GiB.", NULL),
        unmanaged=flag("It is a blob in a storage account."),
        ephemeral=flag("It lies on the host's local storage."),
        write_accelerator=flag("Write accelerator is on."),
        being_detached=flag("It is being detached by force."),
        shares=whole("Machines that may attach it at once (maxShares).", NULL),
        data_access=text("AzureActiveDirectory when only callers of Entra ID may export its data.", NULL),
        network_access=text("AllowAll, AllowPrivate, DenyAll. No condition of a backup.", NULL, PEOPLE),
        public_access=text("Enabled or Disabled. No condition of a backup.", NULL, PEOPLE),
        state=text("Attached, Reserved, ActiveSAS, ActiveUpload, ReadyToUpload, ...", NULL),
        security_type=text("Security type of the disk, such as ConfidentialVM_DiskEncryptedWithCustomerKey.", NULL),
        encryption_set=text("Id of its disk encryption set.", NULL, PEOPLE),
        encryption_key_url=text("Key or secret of Azure Disk Encryption.", NULL),
    ),
)
