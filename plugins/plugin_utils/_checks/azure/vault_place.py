# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A vault protects machines of its own region, and of its own subscription; those of others only where its service
is new enough, which a backup that succeeded shows."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok, unknown, warn
from ..._facts._types import AzureState
from .._pages import PREPARE
from ._pages import VAULT
from ._place import same_region, same_subscription
from ._protection import succeeded

CHECK = Check(
    title="The vault is where the virtual machine is",
    severity=CRITICAL,
    stage=Stage.PROTECTION,
    needs=("vault",),
    error_codes=("UserErrorVmVaultLocationMismatch",),
    sources=(PREPARE, VAULT),
    advice="Stop protection in this vault and enable backup in one of the machine's region and subscription.",
)


def judge(state: AzureState) -> Verdict:
    vault, vm = state.vault, state.vm
    if vault is None:
        return not_applicable("No vault protects this machine")
    if not vault.location:
        return unknown("The vault itself could not be read", vault.fact("id"))
    if not same_region(state, vault.location):
        return fail(
            f"The vault is in {vault.location}, the machine in {vm.location}",
            vault.fact("location"),
            vm.fact("location"),
        )
    if not same_subscription(state, vault.subscription):
        evidence = (vault.fact("subscription"), vm.fact("id"))
        why = "The vault is in another subscription than the machine"
        if succeeded(state):
            return ok(*evidence, why=f"{why}; the last backup succeeded")
        return warn(why, *evidence)
    return ok(vault.fact("location"), vault.fact("subscription"))
