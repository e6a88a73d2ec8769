# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key vault of Azure Disk Encryption has to be in the machine's region and subscription."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok
from ..._facts._types import AzureState
from ._ade import without
from ._pages import ENCRYPTED
from ._place import same_region, same_subscription

CHECK = Check(
    title="The key vault of Azure Disk Encryption is where the machine is",
    severity=WARNING,
    stage=Stage.POINTS,
    needs=("encryption.ade", "disks"),
    error_codes=("UserErrorInvalidVMEncryptionInfo",),
    sources=(ENCRYPTED,),
    advice="Encrypt the machine again with a key vault of its region and subscription.",
)


def judge(state: AzureState) -> Verdict:
    ade = state.encryption.ade
    if ade is None:
        return without(state)
    evidence = (ade.fact("vault_location"), ade.fact("vault_subscription"))
    if ade.vault_location and not same_region(state, ade.vault_location):
        return fail(f"The key vault is in {ade.vault_location}, the machine in {state.vm.location}", *evidence)
    if ade.vault_subscription and not same_subscription(state, ade.vault_subscription):
        return fail("The key vault is in another subscription than the machine", *evidence)
    return ok(*evidence)
