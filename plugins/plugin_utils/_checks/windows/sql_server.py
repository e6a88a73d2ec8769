# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQL Server takes part in snapshots: the service of its shadow copy writer can start.

Azure VM backup succeeds without this writer, but then the databases on the VM are saved as they are on the disk, as
after a power failure, and not application-consistent.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Source, Stage, Verdict, by_hand, not_applicable, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_AGENT
from ._services import DISABLED

CHECK = Check(
    aliases=("win_sql_present",),
    title="SQL Server takes part in snapshots",
    severity=INFO,
    stage=Stage.FREEZE,
    needs=("backup.sql_instances", "services.SQLWriter"),
    advice="Run 'sc.exe config SQLWriter start= auto' and 'net start SQLWriter'.",
    sources=(
        Source(
            "SQL Server back up applications: VSS and SQL Writer",
            "https://learn.microsoft.com/sql/relational-databases/backup-restore/sql-server-vss-writer-backup-guide",
        ),
        TROUBLESHOOT_AGENT,
    ),
)

INSTALL_WRITER = "Install the SQL Writer: run the setup of SQL Server (Repair), or SqlWriter.msi from its media."


def judge(state: WindowsState) -> Verdict:
    instances = [f"{item.name} {item.version or ''}".strip() for item in state.backup.sql_instances]
    if not instances:
        return not_applicable("No SQL Server is installed")
    evidence, writer = Evidence("SQL Server instances", instances), state.services.SQLWriter
    if writer is None:
        why = "The service SQLWriter does not exist: databases are saved as after a power failure"
        return warn(why, evidence, fix=by_hand(INSTALL_WRITER))
    if writer.start == DISABLED:
        why = "The service SQLWriter is disabled: databases are saved as after a power failure"
        return warn(why, evidence, writer.fact("start"))
    return ok(evidence, writer.fact("state"))
