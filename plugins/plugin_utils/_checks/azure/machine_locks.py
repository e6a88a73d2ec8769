# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lock against all changes of the virtual machine keeps Azure Backup from installing its extension and from asking
for a snapshot. A lock against deletion does not."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok
from ..._facts._types import AzureState
from ._locks import applies
from ._pages import LOCKS

CHECK = Check(
    title="No lock forbids changes of the virtual machine",
    severity=WARNING,
    stage=Stage.MACHINE,
    needs=("locks",),
    error_codes=("UserErrorResourceIsInLockedState", "UserErrorStorageAccountIsLocked"),
    sources=(LOCKS,),
    advice="Remove the ReadOnly lock, or put a CanNotDelete lock in its place.",
)

ACCOUNT = "/providers/microsoft.storage/storageaccounts/"


def judge(state: AzureState) -> Verdict:
    strict = [lock for lock in state.locks if lock.level == "ReadOnly"]
    # Of storage accounts, only locks of those with a disk of the machine are stated.
    places = {
        "this machine": [lock for lock in strict if applies(lock.scope, state.vm.id)],
        "the storage account of its disks": [lock for lock in strict if ACCOUNT in lock.scope.lower()],
    }
    for place, locks in places.items():
        if locks:
            evidence = [fact for lock in locks for fact in (lock.fact("scope"), lock.fact("level"))]
            return fail(f"The lock {locks[0].name} forbids changes of {place}", *evidence)
    return ok()
