# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A job of more than a day hangs, and no other backup of the machine starts before it has ended."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_AGENT
from ._jobs import hangs, under_way
from ._pages import MANAGE

CHECK = Check(
    title="No backup job hangs",
    severity=WARNING,
    stage=Stage.JOBS,
    needs=("jobs",),
    error_codes=("UserErrorBackupOperationInProgress", "ExtensionOperationInProgress"),
    sources=(TROUBLESHOOT_AGENT, MANAGE),
    advice="Cancel the job in the vault (az backup job stop), then run the backup again.",
)


def judge(state: AzureState) -> Verdict:
    running = under_way(state)
    for job in running:
        if hangs(job, state.captured):
            return warn(
                f"A backup has been running since {job.started}",
                job.fact("id"),
                job.fact("started"),
                key="A backup has been running for more than a day",
            )
    return ok(*(job.fact("started") for job in running))
