# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SQL Server takes part in snapshots: its writer's service can start."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import GuestState
from ._services import DISABLED

CHECK = Check(
    aliases=("win_sql_present",),
    title="SQL Server and its shadow copy writer",
    severity=INFO,
    stage=Stage.FREEZE,
    needs=("backup.sql_instances", "services.SQLWriter"),
    source="article, issue 3; Microsoft, troubleshooting Azure VM backup",
)


def judge(state: GuestState) -> Verdict:
    instances = [f"{item.name} {item.version or ''}".strip() for item in state.backup.sql_instances]
    if not instances:
        return not_applicable("No SQL Server is installed")
    evidence, writer = Evidence("SQL Server instances", instances), state.services.SQLWriter
    if writer is None or writer.start == DISABLED:
        return warn(
            "SQL Server's shadow copy writer cannot start: its databases are saved as after a power cut", evidence
        )
    return ok(evidence, writer.fact("state"))
