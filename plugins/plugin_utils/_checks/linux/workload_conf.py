# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where workload.conf names a database, the extension prepares it before the snapshot, and a failure there fails the
backup."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import extension_file
from ._last_run import ended_with
from ._pages import LINUX_APP_CONSISTENT

CHECK = Check(
    title="The database is prepared for the snapshot",
    severity=INFO,
    stage=Stage.FREEZE,
    needs=("extension.workload",),
    sources=(
        extension_file("workloadPatch/WorkloadPatch.py"),
        LINUX_APP_CONSISTENT,
    ),
    advice=(
        "Read the extension's log for the database's own message, correct the account and the scripts that "
        "workload.conf names, and retry the backup."
    ),
)


def judge(state: LinuxState) -> Verdict:
    workload = state.extension.workload
    if workload is None:
        return not_applicable("No database is configured")
    failed = ended_with(state, *range(500, 513))
    if failed:
        return fail(f"Preparing the {workload.name} database failed", failed, workload.fact("name"))
    return ok(workload.fact("name"))
