# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several checks advise where no remedy fits."""

from __future__ import annotations

SERVER_2016 = 14393
"""The build of Windows Server 2016, the oldest that the current agent asks for."""
INSTALL_AGENT = (
    r"Install the newest MSI from https://github.com/Azure/WindowsVMAgent/releases with "
    r"'msiexec.exe /i <file>.msi /L*v C:\Windows\Panther\msiexec.log' while no backup is running."
)
REINSTALL_EXTENSION = (
    "Run 'Remove-AzVMExtension -ResourceGroupName <group> -VMName <vm> -Name VMSnapshot', then start a backup: "
    "it installs the extension again."
)
_BYPASS = '"168.63.129.16;169.254.169.254;<local>"'
SET_WINHTTP = f"'netsh winhttp set proxy proxy-server=\"<host>:<port>\" bypass-list={_BYPASS}'"
SET_LOCAL_SYSTEM = f"'bitsadmin /util /setieproxy LOCALSYSTEM MANUAL_PROXY <host>:<port> {_BYPASS}'"
RESTART_AGENT = "'Restart-Service RdAgent, WindowsAzureGuestAgent'"
GRANT_FULL = '/grant "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F"'
"""Arguments of icacls: full control for SYSTEM and Administrators, in every language of Windows."""
REPAIR_WINDOWS = "Run 'sfc /scannow' as administrator and reboot."


def restore_service(name: str) -> str:
    """For a service of Windows itself that is not registered any more."""
    return (
        rf"Export HKLM\SYSTEM\CurrentControlSet\Services\{name} on a VM with the same Windows build, import it here "
        "and reboot."
    )
