# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event logs of the last 7 days, at most 20 of a kind."""

from __future__ import annotations

from ._kinds import NULL, WINDOWS, only, record, records, text, texts, whole

EVENT = {
    "provider": text("Who wrote it.", NULL),
    "id": whole("Its number."),
    "time": text("When, UTC.", NULL),
    "data": texts("Its raw data, never the translated text."),
}

SECTION = only(
    WINDOWS,
    "What Linux logs is in agent.log, extension.last_run and security.denials.",
    record(
        __doc__,
        service_failures=records("Services that failed.", **EVENT),
        memory_exhausted=records(
            "Memory or a pool of the kernel ran out, and the programs that had most of it.", **EVENT
        ),
        desktop_heap=records("A desktop heap was used up.", **EVENT),
        disk_errors=records("Disks and file systems that answered with errors.", **EVENT),
        volume_states=records("What file systems need that were mounted, and disks that went away.", **EVENT),
        crypto_errors=records("Errors of the cryptographic services.", **EVENT),
        volume_timeouts=records("Volumes that could not hold writes, or lost their shadow copies.", **EVENT),
        cluster_backup=records("Cancelled backups of a cluster.", **EVENT),
        application_crashes=records("Programs that crashed.", **EVENT),
        dotnet_crashes=records("Unhandled exceptions of .NET programs.", **EVENT),
        vss_errors=records("Errors of the Volume Shadow Copy service and of SQL Server's writer.", **EVENT),
        installer_errors=records("Errors of the Windows Installer.", **EVENT),
        sql_backups=records("SQL Server's own backups.", **EVENT),
        applocker_blocks=records("Programs that AppLocker stopped.", **EVENT),
        applocker_script_blocks=records("Scripts and packages that AppLocker stopped.", **EVENT),
        code_integrity_blocks=records("Programs that application control stopped.", **EVENT),
        defender_blocks=records("What Microsoft Defender stopped.", **EVENT),
    ),
)
