# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The code of a failed job says in the service's own words what stopped it, and so which findings matter. A job that
succeeded makes history of what the guest had recorded before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._engine._model import WARNING, Check, Effect, Evidence, Stage, Verdict, by_hand, not_applicable, ok, warn
from ..._error_codes import about, of_error
from ..._facts._types import AzureState
from ..._facts.azure.jobs import last_ended
from .._pages import TROUBLESHOOT_BACKUP
from ._protection import ordered

if TYPE_CHECKING:
    from ..._facts._types import AzureJobs

CHECK = Check(
    title="The last backup job succeeded",
    severity=WARNING,
    stage=Stage.JOBS,
    needs=("jobs",),
    explained_by=("agent_ready", "handler_status", "provisioning_state", "power_state"),
    sources=(TROUBLESHOOT_BACKUP,),
    advice="See the job's error in the vault; run a backup on demand after its cause is removed.",
)


def judge(state: AzureState) -> Verdict:
    job = last_ended(state.jobs)
    if job is None:
        return not_applicable("No backup has ended in the last days")
    evidence = [job.fact("id"), job.fact("status"), job.fact("ended")]
    if job.status == "Completed":
        agent = state.get("agent")
        worked = agent and agent.status == "Ready" and job.started
        return ok(*evidence, effect=Effect.WORKED if worked else None, since=job.started if worked else None)
    return _failed(job, evidence, ordered(state))


def _failed(job: AzureJobs, evidence: list[Evidence], ranks: bool) -> Verdict:
    evidence += [task.fact("name") for task in job.tasks if task.status == "Failed"]
    if not job.errors:
        return warn(f"The last backup ended with {job.status}", *evidence)
    error = job.errors[0]
    code = of_error(error)
    row = about(code) if code else None
    evidence += [error.fact(name) for name in ("code", "title", "message")]
    advice = " ".join(error.recommendations) or (row or {}).get("advice")
    return warn(
        f"The last backup ended with {job.status}: {code or error.message}",
        *evidence,
        fix=by_hand(advice) if advice else None,
        error_code=code if ranks else None,
    )
