# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock on the group of restore points, or on what is above it, keeps Azure Backup from removing old points, until
their number is at its limit. A lock against all changes lets it make none."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_AGENT
from ._locks import on_points
from ._pages import LOCKS

CHECK = Check(
    title="No lock applies to the group of restore points",
    severity=WARNING,
    stage=Stage.POINTS,
    needs=("locks", "points.collections"),
    error_codes=(
        "UserErrorRpCollectionLimitReached",
        "UserErrorResourceIsInLockedState",
        "BackUpOperationFailed",
        "BackUpOperationFailedV2",
    ),
    sources=(TROUBLESHOOT_AGENT, LOCKS),
    advice="Remove the lock, or lock the virtual machine itself in place of the whole subscription.",
)


def judge(state: AzureState) -> Verdict:
    locks = on_points(state)
    evidence = [fact for lock in locks for fact in (lock.fact("scope"), lock.fact("level"))]
    strict = [lock for lock in locks if lock.level == "ReadOnly"]
    if strict:
        return fail(f"The lock {strict[0].name} forbids changes in the group of restore points", *evidence)
    if locks:
        return warn(f"The lock {locks[0].name} forbids to delete old restore points", *evidence)
    return ok()
