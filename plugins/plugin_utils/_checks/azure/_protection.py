# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of a virtual machine in its vaults, and what follows from them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from ..._facts._types import AzureState
from ..._facts.azure.jobs import RUNNING
from ..._facts.azure.protection import UNORDERED

if TYPE_CHECKING:
    from ..._facts._types import AzureJobs, AzurePolicy, AzureProtectionItems

LONG_H = 24
RUNS = {"Hourly": 24.0, "Daily": 24.0, "Weekly": 168.0}
"""Hours between two runs, where the policy does not state them."""
STOPPED = (*UNORDERED, "ProtectionError")
NOT_RUNNING = ("deallocated", "deallocating", "stopped", "stopping", "starting")


def active(state: AzureState) -> list[AzureProtectionItems]:
    """Its items that are not deleted."""
    return [item for item in state.protection.items if not item.soft_deleted]


def ordered(state: AzureState) -> bool:
    """A vault backs it up by a schedule, or that is not known. Else the code of its last job is of another time."""
    return state.get("protection") is None or any(item.protection_state not in UNORDERED for item in active(state))


def off(state: AzureState) -> bool:
    """It does not run, and neither does what is in it."""
    return state.vm.power in NOT_RUNNING


def is_snapshot(type_: str) -> bool:
    """An extension of that type is the one that takes snapshots."""
    return "vmsnapshot" in type_.lower()


def backup_running(state: AzureState) -> bool:
    """A backup is under way, or Azure does not say that none is."""
    return state.get("jobs") is None or bool(under_way(state))


def under_way(state: AzureState) -> list[AzureJobs]:
    """Backups that run; one that hangs does, too."""
    return [job for job in state.get("jobs") or () if job.status in RUNNING and job.operation == "Backup"]


def hangs(job: AzureJobs, now: str) -> bool:
    """It runs for longer than a backup takes."""
    return job.started is not None and hours_between(job.started, now) > LONG_H


def succeeded(state: AzureState) -> bool:
    """The last backup is known to have made a recovery point."""
    known = state.get("protection") is not None
    return known and any(item.last_status in ("Completed", "CompletedWithWarnings") for item in active(state))


def hours_between_runs(policy: AzurePolicy | None) -> float:
    """The longest time between two runs of a policy; a day where it does not say."""
    if policy is None:
        return RUNS["Daily"]
    return policy.interval_hours or RUNS.get(policy.frequency or "", RUNS["Daily"])


def hours_between(earlier: str, later: str) -> float:
    """Hours from one time to another, ISO 8601 UTC."""
    return (_time(later) - _time(earlier)).total_seconds() / 3600


def _time(text: str) -> datetime.datetime:
    # Azure writes seven digits of a second.
    return datetime.datetime.fromisoformat(text[:19]).replace(tzinfo=datetime.timezone.utc)
