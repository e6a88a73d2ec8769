# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that several checks rest on."""

from __future__ import annotations

from .._engine._model import Source

_LEARN = "https://learn.microsoft.com"
_AGENT = "https://github.com/Azure/WALinuxAgent"
_EXTENSIONS = "https://github.com/Azure/azure-linux-extensions"

TROUBLESHOOT_AGENT = Source(
    "Troubleshoot Azure Backup failures caused by agent or extension issues",
    f"{_LEARN}/azure/backup/backup-azure-troubleshoot-vm-backup-fails-snapshot-timeout",
)
TROUBLESHOOT_BACKUP = Source(
    "Troubleshoot backup errors with Azure VMs", f"{_LEARN}/azure/backup/backup-azure-vms-troubleshoot"
)
SUPPORT_MATRIX = Source(
    "Azure Backup support matrix for Azure VM backup", f"{_LEARN}/azure/backup/backup-support-matrix-iaas"
)
BACKUP_FAQ = Source("Back up Azure VMs: common questions", f"{_LEARN}/azure/backup/backup-azure-vm-backup-faq")
ANTIVIRUS = Source(
    "Azure Backup support: folders to exclude from antivirus (Japanese)",
    "https://jpabrs-scem.github.io/blog/AzureVMBackup/AV_ExcludeSetting/",
)
ABOUT_BACKUP = Source("About Azure VM backup", f"{_LEARN}/azure/backup/backup-azure-vms-introduction")

FABRIC_ADDRESS = Source(
    "What is IP address 168.63.129.16?", f"{_LEARN}/azure/virtual-network/what-is-ip-address-168-63-129-16"
)
STATIC_ADDRESS = Source(
    "Create a VM with a static private IP address",
    f"{_LEARN}/azure/virtual-network/ip-services/virtual-networks-static-private-ip",
)
MINIMUM_AGENT = Source(
    "Minimum version support for virtual machine agents in Azure",
    f"{_LEARN}/troubleshoot/azure/virtual-machines/windows/support-extensions-agent-version",
)
AGENT_WINDOWS = Source(
    "Azure Virtual Machine Agent overview", f"{_LEARN}/azure/virtual-machines/extensions/agent-windows"
)
PREPARE = Source("Prepare Azure VMs for backup", f"{_LEARN}/azure/backup/backup-azure-arm-vms-prepare")
METADATA_SECURITY = Source(
    "Metadata Security Protocol", f"{_LEARN}/azure/virtual-machines/metadata-security-protocol/overview"
)
IMDS = Source("Azure Instance Metadata Service", f"{_LEARN}/azure/virtual-machines/instance-metadata-service")
PSI = Source("PSI: pressure stall information", "https://docs.kernel.org/accounting/psi.html")


def agent_file(path: str) -> Source:
    """A file of the Linux agent's source."""
    return Source(f"WALinuxAgent: {path}", f"{_AGENT}/blob/master/{path}")


def agent_issue(number: int, about: str) -> Source:
    """An issue or a pull request of the Linux agent."""
    return Source(f"WALinuxAgent {number}: {about}", f"{_AGENT}/issues/{number}")


def extension_file(path: str) -> Source:
    """A file of the Linux snapshot extension's source; the path is relative to ``VMBackup/main``."""
    return Source(f"VMSnapshotLinux: {path}", f"{_EXTENSIONS}/blob/master/VMBackup/main/{path}")


def extension_issue(number: int, about: str) -> Source:
    """An issue or a pull request of Azure's Linux extensions."""
    return Source(f"azure-linux-extensions {number}: {about}", f"{_EXTENSIONS}/issues/{number}")


def docs_issue(number: int, about: str) -> Source:
    """An issue of Azure's documentation."""
    return Source(f"azure-docs {number}: {about}", f"https://github.com/MicrosoftDocs/azure-docs/issues/{number}")
