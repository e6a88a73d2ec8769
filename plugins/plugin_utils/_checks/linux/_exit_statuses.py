# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What systemd could not do, by the exit status of a process."""

from __future__ import annotations

BY_EXIT_STATUS = {
    200: "WorkingDirectory",
    203: "ExecStart",
    208: "StandardInput",
    209: "StandardOutput",
    210: "RootDirectory",
    216: "Group",
    217: "User",
    218: "CapabilityBoundingSet",
    224: "PAMName",
    225: "PrivateNetwork",
    226: "ReadOnlyPaths or another setting for files",
    228: "SystemCallFilter",
    229: "SELinuxContext",
    231: "AppArmorProfile",
    232: "RestrictAddressFamilies",
    233: "RuntimeDirectory",
    238: "StateDirectory",
    240: "LogsDirectory",
    243: "LoadCredential",
}
"""Which setting systemd could not apply, by the exit status of a process that has not run its command yet."""
