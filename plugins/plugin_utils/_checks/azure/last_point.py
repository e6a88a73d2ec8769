# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The newest recovery point shows since when backups are missing, whatever the reason."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, not_applicable, ok, warn
from ..._facts._types import AzureState
from ._hours import hours_between, hours_between_runs
from ._jobs import hangs, under_way
from ._pages import MANAGE
from ._protection import active

CHECK = Check(
    title="The last recovery point is not older than two runs of the schedule",
    severity=WARNING,
    stage=Stage.JOBS,
    needs=("protection.items", "policy"),
    explained_by=("protection_state", "last_job", "item_health", "job_running", "restore_points"),
    sources=(MANAGE,),
    advice="See the jobs of the item in its vault, and run a backup on demand after the cause is removed.",
)

GRACE_H = 24


def judge(state: AzureState) -> Verdict:
    items, policy = active(state), state.policy
    if not items or policy is None:
        return not_applicable("No vault protects this machine")
    newest = max(items, key=lambda item: item.last_point or "")
    if newest.last_point is None:
        evidence = (newest.fact("last_point"), newest.fact("last_status"), newest.fact("protection_state"))
        if newest.last_status is not None:
            return warn("There is no recovery point", *evidence)
        if newest.protection_state == "IRPending" and _overdue(state):
            return warn("The first backup has not been made yet", *evidence)
        return not_applicable("The first backup has not been made yet")
    evidence = (newest.fact("last_point"), newest.fact("last_status"), newest.fact("last_time"))
    age = hours_between(newest.last_point, state.captured)
    between = hours_between_runs(policy)
    if age > 2 * between:
        return warn(
            f"The last recovery point is {age:,.0f} hours old; backups run every {between:,.0f} hours",
            *evidence,
            key="The last recovery point is older than two runs of the schedule",
        )
    return ok(*evidence)


def _overdue(state: AzureState) -> bool:
    """A run of the schedule has passed since the machine was made and, where a job tells of it, protected. A first
    backup copies whole disks and takes its time."""
    if any(not hangs(job, state.captured) for job in under_way(state)):
        return False
    begun = [job.started for job in state.get("jobs") or () if job.operation == "ConfigureBackup" and job.started]
    begun += [created] if (created := state.vm.get("created")) else []
    return bool(begun) and hours_between(max(begun), state.captured) > hours_between_runs(state.get("policy")) + GRACE_H
