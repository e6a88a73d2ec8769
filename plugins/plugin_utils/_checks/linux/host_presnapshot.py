# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension asks the Azure host to take the snapshot. What the host answered is read from the extension's log:
the service is never asked by hand."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._azure_host import failed_at_host, reason
from .._pages import TROUBLESHOOT_BACKUP, extension_file
from ._extension import refused_by_host, signature
from ._last_run import ended_with, last_result

ACCEPTED = (200, 201)

CHECK = Check(
    title="The Azure host's snapshot service answers",
    severity=CRITICAL,
    stage=Stage.STATUS,
    needs=("extension.last_run",),
    explained_by=("wire_http_80",),
    sources=(
        extension_file("hostsnapshotter.py"),
        TROUBLESHOOT_BACKUP,
    ),
    advice=(
        "Retry the backup. If it fails again, restart the agent; if the host still refuses, deallocate and "
        "start the VM so that it moves to another host, or open a support request with the status above."
    ),
)


def judge(state: LinuxState) -> Verdict:
    run, result = state.extension.last_run, last_result(state)
    failed = refused_by_host(state)
    if failed is not None and result is not None and not result.good:
        answer, shown = failed
        return failed_at_host(answer, shown, result.evidence)
    if run is None or run.pre_snapshot is None:
        return not_applicable("No backup has asked the host yet")
    evidence = run.fact("pre_snapshot")
    if run.pre_snapshot in ACCEPTED:
        return ok(evidence)
    if result is None or result.good or ended_with(state, 15, 76, 556, 761) is None:
        return ok(
            evidence, why="Earlier: the Azure host's snapshot service refused; the backup did not fail because of it"
        )
    wrong = signature(state, "wrong_host_address")
    return fail(
        f"The Azure host's snapshot service did not take the snapshot: {reason(run.pre_snapshot)}",
        evidence,
        *filter(None, (wrong,)),
    )
