# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deleted item keeps its recovery points for a while, and the machine cannot be protected anew until it is brought
back or gone for good. The service then refuses with an error that names another item."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, ok
from ..._facts._types import AzureState
from ._pages import SOFT_DELETE
from ._protection import active

CHECK = Check(
    title="The item in the vault is not deleted",
    severity=CRITICAL,
    stage=Stage.PROTECTION,
    needs=("protection.items",),
    error_codes=("BMSUserErrorItemInSoftDeletedState",),
    sources=(SOFT_DELETE,),
    advice="Undelete the item in its vault (az backup protection undelete), then resume backup with a policy.",
)


def judge(state: AzureState) -> Verdict:
    deleted = [item for item in state.protection.items if item.soft_deleted]
    evidence = [fact for item in deleted for fact in (item.fact("id"), item.fact("soft_deleted"))]
    if deleted and not active(state):
        return fail("The item of this machine is deleted; it can be brought back for a while", *evidence)
    return ok(*evidence)
