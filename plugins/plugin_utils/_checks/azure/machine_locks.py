# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock against all changes of the virtual machine keeps Azure Backup from installing its extension and from asking
for a snapshot. A lock against deletion does not."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok
from ..._facts._types import AzureState
from ._pages import LOCKS
from .points_locks import applies

CHECK = Check(
    title="No lock forbids changes of the virtual machine",
    severity=WARNING,
    stage=Stage.MACHINE,
    needs=("locks",),
    error_codes=("UserErrorResourceIsInLockedState", "UserErrorStorageAccountIsLocked"),
    sources=(LOCKS,),
    advice="Remove the ReadOnly lock, or put a CanNotDelete lock in its place.",
)


def judge(state: AzureState) -> Verdict:
    locks = [lock for lock in state.locks if lock.level == "ReadOnly" and applies(lock.scope, state.vm.id)]
    if locks:
        evidence = [fact for lock in locks for fact in (lock.fact("scope"), lock.fact("level"))]
        return fail(f"The lock {locks[0].name} forbids changes of this machine", *evidence)
    return ok()
