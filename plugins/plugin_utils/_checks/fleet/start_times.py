# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Backup starts a scheduled backup within two hours of its time. Many machines of one policy start together, and
the portal puts no more than 100 into one."""

from __future__ import annotations

from collections.abc import Iterator

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, warn
from ..._engine._state import FleetState
from ..._facts._types import AzureState
from .._pages import BACKUP_FAQ
from ._machines import all_of, grouped

CHECK = Check(
    title="No policy starts very many backups at once",
    severity=INFO,
    stage=Stage.RESILIENCE,
    sources=(BACKUP_FAQ,),
    advice="Spread the machines over several policies, with start times of their own where load or throttling shows.",
)

MANY = 100


def judge(fleet: FleetState) -> Verdict:
    found = grouped(fleet, _starts)
    large = found.large(MANY + 1)
    if not large:
        return found.clean()
    vault, policy, time = next(iter(large))
    policies = {(of, named) for of, named, _at in large}
    others = f"; {len(policies) - 1:,} more of them do so" if len(policies) > 1 else ""
    return warn(
        f"The policy {policy} of the vault {vault} starts more than {MANY} backups at {time}{others}",
        *(Evidence(f"{of}/{named}: machines that start at {at}", len(large[of, named, at])) for of, named, at in large),
        hosts=all_of(large),
    )


def _starts(state: AzureState) -> Iterator[tuple[str, str, str]]:
    policy, vault = state.policy, state.vault
    if policy is None or vault is None:
        return
    for time in policy.times:
        yield vault.name, policy.name, f"{time} {policy.time_zone or 'UTC'}"
