# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots leave SQL Server's own backup chain alone, and USEVSSCOPYBACKUP is written so that it counts.

Where SQL Server makes log backups of its own, a snapshot that is not copy-only breaks their chain and can delay the
snapshot. Microsoft's account has changed: in 2016 snapshots were full by default and ``USEVSSCOPYBACKUP=TRUE`` made
them copy-only; in 2022 the service began to set a value by itself on VMs that are registered as SQL Server; in 2024
the page named ``UseVssFullBackup`` with the old words; since 2025 copy-only is the default there, and in 2026
``UseVssFullBackup=True`` asks for full backups. That one breaks a chain today. A ``USEVSSCOPYBACKUP`` that is set is
therefore left alone, as long as it has the type and the place that the snapshot extension reads (REG_SZ, 64-bit
view). Without a value, only SQL Server's own backups are a reason to set it.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Fix, Stage, Verdict, by_hand, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._pages import ABOUT_BACKUP, TROUBLESHOOT_AGENT, TROUBLESHOOT_BACKUP
from . import _events
from ._bcdr import as_text, is_clear, value
from ._needed import need

CHECK = Check(
    aliases=("win_bcdragent_sql",),
    title="Snapshots leave SQL Server's own backup chain alone",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("backup.bcdr_agent", "backup.bcdr_agent_wow64", "backup.sql_instances"),
    remedies=("win_bcdragent",),
    advice=(
        r"For copy-only snapshots run 'reg add HKLM\SOFTWARE\Microsoft\BcdrAgent /v USEVSSCOPYBACKUP /t REG_SZ "
        "/d TRUE /f /reg:64'."
    ),
    sources=(TROUBLESHOOT_AGENT, TROUBLESHOOT_BACKUP, ABOUT_BACKUP),
)

NAME, FULL = "USEVSSCOPYBACKUP", "UseVssFullBackup"
HISTORY = (
    "Microsoft documented TRUE as copy-only in 2016; since 2025 its page calls copy-only the default, and in 2026 it "
    "names UseVssFullBackup for full backups"
)
UNCLEAR = (
    rf"Ask who set it: set {NAME} in HKLM\SOFTWARE\Microsoft\BcdrAgent to TRUE or FALSE as REG_SZ, or delete it if "
    "SQL Server makes no backups of its own."
)


def judge(state: WindowsState) -> Verdict:
    native = _events.since_boot(state, "sql_backups", 18264, 18265, pattern=r"TYPE=DISK|TYPE=URL")
    full = value(state.backup.bcdr_agent, FULL)
    if full is not None and str(full.value).lower() == "true" and state.backup.sql_instances and native:
        return warn(
            f"SQL Server makes backups of its own, and {FULL} asks for full snapshots that break their chain",
            Evidence(rf"HKLM\SOFTWARE\Microsoft\BcdrAgent: {FULL}", f"{full.type} {full.value}"),
            *_events.evidence(native),
            fix=Fix("win_bcdragent", settings={FULL: False}),
        )
    return _of_copy(state, native)


def _of_copy(state: WindowsState, native: list[Facts]) -> Verdict:
    found, elsewhere = value(state.backup.bcdr_agent, NAME), value(state.backup.bcdr_agent_wow64, NAME)
    evidence = Evidence(rf"HKLM\SOFTWARE\Microsoft\BcdrAgent: {NAME}", found and f"{found.type} {found.value}")
    if found is not None and found.type != "REG_SZ":
        why = f"{NAME} is of type {found.type}; the snapshot extension reads REG_SZ"
        return warn(why, evidence, fix=as_text(is_clear(NAME, found.value), UNCLEAR))
    if found is not None and str(found.value).lower() not in ("true", "false"):
        why, key = f"{NAME} is '{found.value}', neither TRUE nor FALSE", f"{NAME} is neither TRUE nor FALSE"
        return warn(why, evidence, key=key, fix=by_hand(UNCLEAR))
    if found is None and elsewhere is not None:
        why = f"{NAME} is set only in the 32-bit view of the registry, which the snapshot extension does not read"
        return warn(why, evidence, fix=as_text(is_clear(NAME, elsewhere.value), UNCLEAR))
    if found is not None:
        return ok(evidence, why=HISTORY)
    if state.backup.sql_instances and native:
        why = f"SQL Server makes backups of its own, and {NAME} is not set"
        return warn(why, *_events.evidence(native), evidence, fix=Fix("win_bcdragent", settings={NAME: True}))
    if state.backup.sql_instances:
        need(state, "events.sql_backups")
    return ok(evidence)
