# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure keeps a limited number of restore points of one machine, and Standard policies only 18 instant ones. When old
ones are not removed, no new one can be made."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_AGENT
from ._limits import limit
from ._pages import INSTANT, POINTS

CHECK = Check(
    title="There is room for a further restore point",
    severity=WARNING,
    stage=Stage.POINTS,
    needs=("points.collections", "policy"),
    explained_by=("points_locks", "protection_state"),
    error_codes=("UserErrorRpCollectionLimitReached", "VMRestorePointClientError"),
    sources=(TROUBLESHOOT_AGENT, INSTANT, POINTS),
    advice="Remove the lock from the group of restore points. Keep protection on: a policy removes old points, which"
    " backups on demand alone do not.",
)

NEARLY = 0.9


def judge(state: AzureState) -> Verdict:
    collections = state.points.collections
    counted = [one for one in collections if one.count is not None]
    if collections and not counted:
        return not_applicable("Nothing speaks of too many restore points, so they were not counted")
    of_backup = sum(one.count or 0 for one in counted if one.of_backup)
    total = sum(one.count or 0 for one in counted)
    evidence = [one.fact("count") for one in counted]
    evidence += [state.policy.fact("instant_days")] if state.policy is not None else []
    instant, most = limit("instant_points_standard"), limit("points")
    if state.policy is not None and state.policy.type == "V1" and of_backup >= instant:
        return fail(f"{of_backup} instant restore points, of at most {instant}", *evidence)
    if total >= most:
        return fail(f"{total} restore points, of at most {most}", *evidence)
    if total >= NEARLY * most:
        return warn(f"{total} restore points, of at most {most}", *evidence)
    return ok(Evidence("restore points that were counted", total), *evidence)
