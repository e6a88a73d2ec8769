# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several checks advise where no remedy fits."""

from __future__ import annotations

RESTART = (
    "run `systemctl restart walinuxagent` on Ubuntu and Debian, `systemctl restart waagent` on other distributions"
)

REINSTALL = (
    "remove the extension with `az vm extension delete --resource-group GROUP --vm-name VM --name VMSnapshotLinux`:"
    " the next backup installs its newest version"
)
