# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock on the group of restore points, or on what is above it, keeps Azure Backup from removing old points, until
their number is at its limit. A lock against all changes lets it make none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_AGENT
from ._pages import LOCKS
from ._place import region

if TYPE_CHECKING:
    from ..._facts._types import AzureLocks

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


def on_points(state: AzureState) -> list[AzureLocks]:
    """The locks that apply to restore points of Azure Backup."""
    places = [one.id for one in state.points.collections if one.of_backup] or _first_place(state)
    return [lock for lock in state.locks if any(applies(lock.scope, place) for place in places)]


def _first_place(state: AzureState) -> list[str]:
    """The group in which Azure Backup will make the first points of a protected machine."""
    policy = state.get("policy")
    if policy is None:
        return []
    default = f"AzureBackupRG_{region(state.vm.location)}_1"
    name = f"{policy.points_prefix}1{policy.points_suffix or ''}" if policy.points_prefix else default
    return [f"/subscriptions/{state.vm.subscription}/resourceGroups/{name}"]


def applies(scope: str, resource_id: str) -> bool:
    """A lock on that scope applies to the resource."""
    return f"{resource_id.lower()}/".startswith(f"{scope.lower().rstrip('/')}/")
