# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages that several checks of Linux guests rest on."""

from __future__ import annotations

from ..._engine._model import Source

_LEARN = "https://learn.microsoft.com"
_AGENT = "https://github.com/Azure/WALinuxAgent"
_SYSTEMD = "https://www.freedesktop.org/software/systemd/man/latest"

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
AGENT_README = Source("WALinuxAgent: configuration file options", f"{_AGENT}#configuration-file-options")
AGENT_KNOWN_ISSUES = Source("WALinuxAgent: known issues", f"{_AGENT}/wiki/Known-Issues")
AGENT_FAQ = Source("WALinuxAgent: frequently asked questions", f"{_AGENT}/wiki/FAQ")
SYSTEMCTL = Source("systemctl(1)", f"{_SYSTEMD}/systemctl.html")
SYSTEMD_SERVICE = Source("systemd.service(5)", f"{_SYSTEMD}/systemd.service.html")
SYSTEMD_EXEC = Source("systemd.exec(5)", f"{_SYSTEMD}/systemd.exec.html")
SYSTEMD_UNIT = Source("systemd.unit(5)", f"{_SYSTEMD}/systemd.unit.html")
LINUX_APP_CONSISTENT = Source(
    "Application-consistent backup of Azure Linux VMs", f"{_LEARN}/azure/backup/backup-azure-linux-app-consistent"
)
VM_ASSIST_LINUX = Source(
    "VM assist for Linux", "https://github.com/Azure/azure-support-scripts/blob/master/vmassist/linux/docs/tux.md"
)
