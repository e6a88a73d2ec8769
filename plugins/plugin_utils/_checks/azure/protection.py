# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A virtual machine that no vault protects is never backed up, and no job fails that could raise an alarm."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._facts._types import AzureState
from .._pages import PREPARE
from ._pages import AUTO_ENABLE
from ._protection import active

CHECK = Check(
    title="A vault protects the virtual machine",
    severity=CRITICAL,
    stage=Stage.PROTECTION,
    explained_by=("item_deletion", "item_machine", "policy_deployment"),
    sources=(PREPARE, AUTO_ENABLE),
    advice="Enable backup for the virtual machine in a Recovery Services vault of its region, or waive this check"
    " where it is meant to have none. If its vault may be in a subscription that cannot be read, ask az backup"
    " protection check-vm.",
)


def judge(state: AzureState) -> Verdict:
    vault = state.get("vault")
    if vault and state.get("protection") is None:  # It may not be read.
        return ok(vault.fact("id"))
    items = active(state)
    if items:
        return ok(*(item.fact("vault_id") for item in items))
    return fail("No vault protects this machine", Evidence("Azure Backup: items of this machine", 0))
