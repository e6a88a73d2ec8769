# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that several checks of Windows guests rest on."""

from __future__ import annotations

from ..._engine._model import Source

_LEARN = "https://learn.microsoft.com"
_COMMANDS = f"{_LEARN}/windows-server/administration/windows-commands"

TROUBLESHOOT_AGENT_WINDOWS = Source(
    "Troubleshoot Azure Windows VM Agent issues",
    f"{_LEARN}/troubleshoot/azure/virtual-machines/windows/windows-azure-guest-agent",
)
EXTENSION_CERTIFICATES_WINDOWS = Source(
    "Troubleshoot extension certificate issues on a Windows VM in Azure",
    f"{_LEARN}/troubleshoot/azure/virtual-machines/windows/troubleshoot-extension-certificates-issues-windows-vm",
)
TROUBLESHOOT_RESTORE_POINTS = Source(
    "Troubleshoot VM restore point failures", f"{_LEARN}/azure/virtual-machines/restore-point-troubleshooting"
)
VM_ASSIST_WINDOWS = Source(
    "VM assist for Windows: vmassist.ps1",
    "https://github.com/Azure/azure-support-scripts/blob/master/vmassist/windows/vmassist.ps1",
)
REINSTALL_EXTENSION_WINDOWS = Source(
    "Azure Backup support: reinstalling the VMSnapshot extension on Windows (Japanese)",
    "https://jpabrs-scem.github.io/blog/AzureVMBackup/HowToUninstallVMSnapshotExtension/",
)
DEFAULT_PROXY = Source(
    "<defaultProxy> element (network settings)",
    f"{_LEARN}/dotnet/framework/configure-apps/file-schema/network/defaultproxy-element-network-settings",
)
ICACLS = Source("icacls", f"{_COMMANDS}/icacls")
NETSH_WINHTTP = Source("netsh winhttp", f"{_COMMANDS}/netsh-winhttp")
SET_IE_PROXY = Source("bitsadmin util and setieproxy", f"{_COMMANDS}/bitsadmin-util-and-setieproxy")
SC_CONFIG = Source("sc.exe config", f"{_COMMANDS}/sc-config")


def command(name: str, page: str) -> Source:
    """The page of a Windows command."""
    return Source(name, f"{_COMMANDS}/{page}")
