# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups that started together and failed with one code have one cause more likely than many: something that the
machines share, or the service itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, warn
from ..._engine._state import FleetState
from ..._error_codes import of_error
from ..._facts._types import AzureState
from ..._facts.azure.jobs import last_ended
from .._pages import BACKUP_FAQ, TROUBLESHOOT_BACKUP
from ..azure._hours import hours_between
from ._machines import SEVERAL, grouped

CHECK = Check(
    title="Backups that started together did not fail with one code",
    severity=WARNING,
    stage=Stage.JOBS,
    sources=(TROUBLESHOOT_BACKUP, BACKUP_FAQ),
    advice="Look for what these machines share (a subnet, a proxy, a key vault, a change of that night) before you look"
    " at each guest.",
)

WITHIN_H = 2
"""A scheduled backup starts within two hours of its time."""


def judge(fleet: FleetState) -> Verdict:
    found = grouped(fleet, _failure)
    runs = [run for run in _runs(found.groups) if len(run.machines) >= SEVERAL]
    if not runs:
        return found.clean()
    largest = max(runs, key=lambda run: len(run.machines))
    return warn(
        f"{len(largest.machines):,} backups that started {largest.when} failed with {largest.code}",
        *(Evidence(f"jobs that started {run.when}: {run.code}", len(run.machines)) for run in runs),
        hosts=list(dict.fromkeys(name for run in runs for name in run.machines)),
    )


@dataclasses.dataclass
class _Run:
    """Backups that failed with one code and started within two hours."""

    code: str
    first: str
    last: str
    machines: list[str]

    @property
    def when(self) -> str:
        return f"from {self.first} to {self.last}" if self.last != self.first else f"at {self.first}"


def _failure(state: AzureState) -> Iterator[tuple[str, str]]:
    job = last_ended(state.jobs)
    if job and job.errors and job.started and (code := of_error(job.errors[0])):
        yield code, job.started


def _runs(failures: Mapping[tuple[str, str], list[str]]) -> list[_Run]:
    runs: list[_Run] = []
    for code, started in sorted(failures):
        machines = failures[code, started]
        if runs and runs[-1].code == code and hours_between(runs[-1].first, started) <= WITHIN_H:
            runs[-1].last = started
            runs[-1].machines += machines
        else:
            runs.append(_Run(code, started, started, list(machines)))
    return runs
