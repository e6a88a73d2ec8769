# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""USEVSSCOPYBACKUP: of the right type where it is set. The sources disagree on whether it is needed."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._engine._state import Facts, GuestState
from . import _signs

CHECK = Check(
    aliases=("win_bcdragent_sql",),
    title="Copy-only snapshots beside SQL Server's own backups",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("backup.bcdr_agent", "backup.bcdr_agent_wow64", "backup.sql_instances"),
    source=(
        "article, issue 3 (TRUE keeps SQL Server's backup chain); Microsoft's page of 2025 calls copy-only the default "
        "and shows the same value for the opposite: the sources disagree, so a value that is set is left alone"
    ),
)

NAME = "USEVSSCOPYBACKUP"
DISAGREE = (
    "The article of 2016 asks for USEVSSCOPYBACKUP=TRUE; Microsoft's page of 2025 calls copy-only the default "
    "and shows this value for full backups"
)


def judge(state: GuestState) -> Verdict:
    value, other = _value(state.backup.bcdr_agent), _value(state.backup.bcdr_agent_wow64)
    evidence = [Evidence(rf"HKLM\SOFTWARE\Microsoft\BcdrAgent: {NAME}", value and f"{value.type} {value.value}")]
    if value is not None and value.type != "REG_SZ":
        return warn(f"{NAME} is {value.type}, and the plugin reads REG_SZ", *evidence)
    if value is not None and str(value.value).lower() not in ("true", "false"):
        return warn(f"{NAME} is neither TRUE nor FALSE", *evidence)
    if value is None and other is not None:
        return warn(f"{NAME} is set in the 32-bit view only, which the plugin does not read", *evidence)
    if value is not None:
        return ok(*evidence, why=DISAGREE)
    native = _signs.events(state, "sql_backups", 18264, pattern=r"TYPE=DISK|TYPE=URL")
    if state.backup.sql_instances and native:
        return warn(
            f"SQL Server makes backups of its own and {NAME} is not set. {DISAGREE}",
            *_signs.evidence(native),
            *evidence,
        )
    return ok(*evidence)


def _value(key: Facts | None) -> Facts | None:
    """The value, whatever the case of its name."""
    return next((key[name] for name in key if name.upper() == NAME), None) if key is not None else None
