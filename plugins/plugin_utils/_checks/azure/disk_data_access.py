# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk whose data only callers of Entra ID may export cannot be backed up. Private access, or none from public
networks, is no hindrance."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, ok
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX
from ._pages import SELECTIVE
from ._refusal import refused, taken

CHECK = Check(
    title="The disks let Azure Backup export their data",
    severity=CRITICAL,
    stage=Stage.POINTS,
    needs=("disks",),
    sources=(SUPPORT_MATRIX, SELECTIVE),
    advice="Set the disk's dataAccessAuthMode to None (az disk update), or exclude it from the backup.",
)


def judge(state: AzureState) -> Verdict:
    disks = [disk for disk in taken(state) if disk.data_access == "AzureActiveDirectory"]
    if not disks:
        return ok()
    names = ", ".join(disk.name for disk in disks)
    return refused(
        state,
        f"Disks whose data only callers of Entra ID may export: {names}",
        *(disk.fact("data_access") for disk in disks),
        disks=disks,
        key="Only callers of Entra ID may export the data of a disk",
    )
