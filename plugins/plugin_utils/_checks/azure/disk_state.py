# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""While a disk is exported or uploaded by someone, or its machine hibernates, Azure makes no restore point of it."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, by_hand, ok, warn
from ..._facts._types import AzureState
from ._pages import POINTS
from ._refusal import taken

CHECK = Check(
    title="No disk is being exported, uploaded or frozen",
    severity=WARNING,
    stage=Stage.POINTS,
    needs=("disks",),
    error_codes=("DiskRestorePointUsedByCustomer", "OperationNotAllowed"),
    sources=(POINTS,),
    advice="Revoke the access once the export has ended (az disk revoke-access).",
)

BUSY = ("ActiveSAS", "ActiveSASFrozen", "ActiveUpload", "ReadyToUpload")
HIBERNATED = "Frozen"
WAKE = "Start the machine before its backup. Stopping it (az vm deallocate) discards the memory that hibernation saved."


def judge(state: AzureState) -> Verdict:
    disks = [disk for disk in taken(state) if disk.state in BUSY]
    frozen = [disk.fact("state") for disk in taken(state) if disk.state == HIBERNATED]
    if not disks and frozen:
        return warn("The machine is hibernated, which freezes its disks", *frozen, fix=by_hand(WAKE))
    if not disks:
        return ok()
    names = ", ".join(f"{disk.name} ({disk.state})" for disk in disks)
    return warn(
        f"Disks that are exported or uploaded: {names}",
        *(disk.fact("state") for disk in disks),
        key="A disk is being exported or uploaded",
    )
