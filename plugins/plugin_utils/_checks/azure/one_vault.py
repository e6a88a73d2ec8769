# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A machine belongs to one vault. Where an item of another vault is left, its registration is refused or its jobs
collide."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import AzureState
from .._pages import PREPARE
from ._protection import active

CHECK = Check(
    title="One vault protects the virtual machine",
    severity=WARNING,
    stage=Stage.PROTECTION,
    needs=("protection.items",),
    error_codes=("BMSUserErrorObjectLocked",),
    sources=(PREPARE,),
    advice="Stop protection in the vault that is no longer wanted, and delete or keep its data there.",
)


def judge(state: AzureState) -> Verdict:
    items = active(state)
    evidence = [item.fact("vault_id") for item in items]
    vaults = {item.vault_id.lower() for item in items}
    if len(vaults) > 1:
        return warn(f"{len(vaults)} vaults have an item of this machine", *evidence)
    return ok(*evidence)
