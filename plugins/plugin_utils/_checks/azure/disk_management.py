# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks in storage accounts, without a disk resource, are a thing of the past: Azure retires them, and their backup
depends on locks and network rules of the account."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX

CHECK = Check(
    title="The disks are managed disks",
    severity=WARNING,
    stage=Stage.MACHINE,
    needs=("disks",),
    error_codes=(
        "UserErrorComputeVmWithClassicStorage",
        "UserErrorStorageAccountIsLocked",
        "UserErrorBCMPremiumStorageQuotaError",
    ),
    sources=(SUPPORT_MATRIX,),
    advice="Convert the machine to managed disks (az vm convert). Until then the storage account needs free space,"
    " no lock, and access from all networks.",
)


def judge(state: AzureState) -> Verdict:
    disks = [disk for disk in state.disks if disk.unmanaged]
    if disks:
        names = ", ".join(disk.name for disk in disks)
        facts = [disk.fact("unmanaged") for disk in disks]
        return warn(f"Disks in a storage account: {names}", *facts, key="Disks in a storage account")
    return ok()
