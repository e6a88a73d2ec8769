# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that several checks rest on."""

from __future__ import annotations

from .._engine._model import Source

_LEARN = "https://learn.microsoft.com"
_AGENT = "https://github.com/Azure/WALinuxAgent"
_EXTENSIONS = "https://github.com/Azure/azure-linux-extensions"
_SYSTEMD = "https://www.freedesktop.org/software/systemd/man/latest"

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
DISK_PERFORMANCE = Source("Virtual machine and disk performance", f"{_LEARN}/azure/virtual-machines/disks-performance")
MINIMUM_AGENT = Source(
    "Minimum version support for virtual machine agents in Azure",
    f"{_LEARN}/troubleshoot/azure/virtual-machines/windows/support-extensions-agent-version",
)

AGENT_LINUX = Source("Azure Linux VM Agent overview", f"{_LEARN}/azure/virtual-machines/extensions/agent-linux")
UPDATE_AGENT_LINUX = Source(
    "How to update the Azure Linux Agent on a VM", f"{_LEARN}/azure/virtual-machines/extensions/update-linux-agent"
)
EXTENSIONS_LINUX = Source(
    "Azure VM extensions and features for Linux", f"{_LEARN}/azure/virtual-machines/extensions/features-linux"
)
SNAPSHOT_EXTENSION = Source(
    "VMSnapshot extension",
    f"{_LEARN}/azure/virtual-machines/virtual-machines-restore-points-vm-snapshot-extension",
)
FIPS_LINUX = Source(
    "FIPS 140-3 support for Azure Linux VM extensions and guest agent",
    f"{_LEARN}/azure/virtual-machines/extensions/agent-linux-fips",
)
TIME_SYNC_LINUX = Source("Time sync for Linux VMs in Azure", f"{_LEARN}/azure/virtual-machines/linux/time-sync")
AGENT_README = Source("WALinuxAgent: configuration file options", f"{_AGENT}#configuration-file-options")
AGENT_KNOWN_ISSUES = Source("WALinuxAgent: known issues", f"{_AGENT}/wiki/Known-Issues")
AGENT_FAQ = Source("WALinuxAgent: frequently asked questions", f"{_AGENT}/wiki/FAQ")

SYSTEMCTL = Source("systemctl(1)", f"{_SYSTEMD}/systemctl.html")
SYSTEMD_SERVICE = Source("systemd.service(5)", f"{_SYSTEMD}/systemd.service.html")
SYSTEMD_EXEC = Source("systemd.exec(5)", f"{_SYSTEMD}/systemd.exec.html")
SYSTEMD_RESOURCES = Source("systemd.resource-control(5)", f"{_SYSTEMD}/systemd.resource-control.html")
SYSTEMD_UNIT = Source("systemd.unit(5)", f"{_SYSTEMD}/systemd.unit.html")

AGENT_WINDOWS = Source(
    "Azure Virtual Machine Agent overview", f"{_LEARN}/azure/virtual-machines/extensions/agent-windows"
)
TROUBLESHOOT_AGENT_WINDOWS = Source(
    "Troubleshoot Azure Windows VM Agent issues",
    f"{_LEARN}/troubleshoot/azure/virtual-machines/windows/windows-azure-guest-agent",
)
EXTENSION_CERTIFICATES_WINDOWS = Source(
    "Troubleshoot extension certificate issues on a Windows VM in Azure",
    f"{_LEARN}/troubleshoot/azure/virtual-machines/windows/troubleshoot-extension-certificates-issues-windows-vm",
)

PREPARE = Source("Prepare Azure VMs for backup", f"{_LEARN}/azure/backup/backup-azure-arm-vms-prepare")
LINUX_APP_CONSISTENT = Source(
    "Application-consistent backup of Azure Linux VMs", f"{_LEARN}/azure/backup/backup-azure-linux-app-consistent"
)
ENDORSED = Source("Endorsed Linux distributions on Azure", f"{_LEARN}/azure/virtual-machines/linux/endorsed-distros")
METADATA_SECURITY = Source(
    "Metadata Security Protocol", f"{_LEARN}/azure/virtual-machines/metadata-security-protocol/overview"
)
IMDS = Source("Azure Instance Metadata Service", f"{_LEARN}/azure/virtual-machines/instance-metadata-service")
VM_ASSIST_LINUX = Source(
    "VM assist for Linux", "https://github.com/Azure/azure-support-scripts/blob/master/vmassist/linux/docs/tux.md"
)
LSBLK = Source("lsblk(8)", "https://man7.org/linux/man-pages/man8/lsblk.8.html")
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
