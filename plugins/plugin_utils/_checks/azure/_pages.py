# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that checks of Azure rest on."""

from __future__ import annotations

from ..._engine._model import Source

_BACKUP = "https://learn.microsoft.com/azure/backup"
_MACHINES = "https://learn.microsoft.com/azure/virtual-machines"

MANAGE = Source("Manage Azure VM backups", f"{_BACKUP}/backup-azure-manage-vms")
AUTO_ENABLE = Source("Enable backup on VM creation with Azure Policy", f"{_BACKUP}/backup-azure-auto-enable-backup")
SOFT_DELETE = Source("Soft delete for virtual machines", f"{_BACKUP}/soft-delete-virtual-machines")
VAULT = Source("Create and configure a Recovery Services vault", f"{_BACKUP}/backup-create-recovery-services-vault")
VAULT_KEY = Source("Encrypt backup data with customer-managed keys", f"{_BACKUP}/encryption-at-rest-with-cmk")
ENCRYPTED = Source("Back up and restore encrypted Azure VMs", f"{_BACKUP}/backup-azure-vms-encryption")
ENHANCED = Source("Back up an Azure VM with an Enhanced policy", f"{_BACKUP}/backup-azure-vms-enhanced-policy")
CRASH_CONSISTENT = Source(
    "Agentless multi-disk crash-consistent backup",
    f"{_BACKUP}/backup-azure-vms-agentless-multi-disk-crash-consistent-overview",
)
SELECTIVE = Source("Selective disk backup and restore", f"{_BACKUP}/selective-disk-backup-restore")
INSTANT = Source("Azure Instant Restore", f"{_BACKUP}/backup-instant-restore-capability")
POINTS = Source("Troubleshoot restore point failures", f"{_MACHINES}/restore-point-troubleshooting")
STATES = Source("States and billing status of Azure VMs", f"{_MACHINES}/states-billing")
WRITE_ACCELERATOR = Source("Write Accelerator", f"{_MACHINES}/how-to-enable-write-accelerator")
DISK_KEYS = Source("Server-side encryption of Azure managed disks", f"{_MACHINES}/disk-encryption")
SECURITY_GROUPS = Source(
    "Network security groups", "https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview"
)
LOCKS = Source(
    "Lock your Azure resources", "https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources"
)
REMEDIATE = Source(
    "Remediate non-compliant resources with Azure Policy",
    "https://learn.microsoft.com/azure/governance/policy/how-to/remediate-resources",
)
