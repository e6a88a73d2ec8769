# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backup jobs of a virtual machine: what is under way, and how the last one ended."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ..._error_codes import of_error
from ..._facts._types import AzureState
from ..._facts.azure.jobs import RUNNING, last_ended
from ._hours import hours_between

if TYPE_CHECKING:
    from ..._facts._types import AzureJobs

LONG_H = 24


def backup_running(state: AzureState) -> bool:
    """A backup is under way, or Azure does not say that none is."""
    return state.get("jobs") is None or bool(under_way(state))


def under_way(state: AzureState) -> list[AzureJobs]:
    """Backups that run; one that hangs does, too."""
    return [job for job in state.get("jobs") or () if job.status in RUNNING and job.operation == "Backup"]


def hangs(job: AzureJobs, now: str) -> bool:
    """It runs for longer than a backup takes."""
    return job.started is not None and hours_between(job.started, now) > LONG_H


def job_says(state: AzureState, codes: Collection[str]) -> bool:
    """The last backup that has ended did so with one of these codes."""
    job = last_ended(state.get("jobs") or [])
    return job is not None and any(of_error(error) in codes for error in job.errors)
