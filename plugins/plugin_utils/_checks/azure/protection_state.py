# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where protection is stopped or suspended, the old recovery points stay and no new one is made."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok, unknown
from ..._facts._types import AzureState
from ..._facts.azure.protection import ON
from ._pages import MANAGE
from ._protection import STOPPED, active

CHECK = Check(
    title="Protection is on",
    severity=CRITICAL,
    stage=Stage.PROTECTION,
    needs=("protection.items",),
    error_codes=("UserErrorBcmDatasourceNotPresent", "UserErrorProt32dAllocationPending"),
    sources=(MANAGE,),
    advice="Resume backup of the item in its vault with a policy (az backup protection resume).",
)


def judge(state: AzureState) -> Verdict:
    items = active(state)
    if not items:
        return not_applicable("No vault protects this machine")
    stopped = [item for item in items if item.protection_state in STOPPED]
    if len(stopped) == len(items):
        first = stopped[0]
        return fail(
            f"Protection is not on: the item's state is {first.protection_state}",
            *(item.fact("protection_state") for item in stopped),
        )
    evidence = [item.fact("protection_state") for item in items]
    if not any(item.protection_state in ON for item in items):
        return unknown("Azure does not say whether protection is on", *evidence)
    return ok(*evidence)
