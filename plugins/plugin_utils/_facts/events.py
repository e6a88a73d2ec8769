# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event logs of the last 7 days, at most 20 of a kind."""

from __future__ import annotations

from ._kinds import NULL, WINDOWS, Fact, only, record, records, text, texts, whole


def events(about: str) -> Fact:
    return records(
        about,
        provider=text("Who wrote it.", NULL),
        id=whole("Its number."),
        time=text("When, UTC.", NULL),
        data=texts("Its raw data, never the translated text."),
    )


SECTION = only(
    WINDOWS,
    "What Linux logs is in agent.log, extension.last_run and security.denials.",
    record(
        __doc__,
        service_failures=events("Services that failed."),
        volume_timeouts=events("Volumes that could not hold writes."),
        cluster_backup=events("Cancelled backups of a cluster."),
        application_crashes=events("Programs that crashed."),
        dotnet_crashes=events("Unhandled exceptions of .NET programs."),
        vss_errors=events("Errors of the Volume Shadow Copy service."),
        installer_errors=events("Errors of the Windows Installer."),
        sql_backups=events("SQL Server's own backups."),
        applocker_blocks=events("Programs that AppLocker stopped."),
        applocker_script_blocks=events("Scripts and packages that AppLocker stopped."),
        code_integrity_blocks=events("Programs that application control stopped."),
    ),
)
