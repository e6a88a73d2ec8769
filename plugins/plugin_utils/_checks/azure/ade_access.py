# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks under Azure Disk Encryption are backed up with their keys and secrets, which the backup service has to read."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, unknown
from ..._facts._types import AzureState
from ._ade import without
from ._pages import ENCRYPTED
from ._protection import succeeded

CHECK = Check(
    title="The backup service may read the keys of Azure Disk Encryption",
    severity=WARNING,
    stage=Stage.POINTS,
    needs=("encryption.ade", "disks"),
    error_codes=("UserErrorKeyvaultPermissionsNotConfigured",),
    sources=(ENCRYPTED,),
    advice="Give the service principal of Azure Backup Get, List and Backup on keys and secrets of the key vault, or"
    " the role Key Vault Administrator where the vault uses roles.",
)


def judge(state: AzureState) -> Verdict:
    ade = state.encryption.ade
    if ade is None:
        return without(state)
    evidence = (ade.fact("vault_id"), ade.fact("readable"))
    if ade.readable is None:
        return unknown("It cannot be determined who may read the key vault", *evidence)
    if not ade.readable and succeeded(state):
        return ok(*evidence, why="Its access policies do not name it, and the last backup succeeded")
    if not ade.readable:
        return fail("The backup service may not read the key vault of Azure Disk Encryption", *evidence)
    return ok(*evidence)
