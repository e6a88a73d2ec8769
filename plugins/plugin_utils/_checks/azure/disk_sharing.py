# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that several machines may attach cannot be backed up with one of them."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, ok
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX
from ._pages import SELECTIVE
from ._refusal import refused, taken

CHECK = Check(
    title="No disk of the backup is shared",
    severity=CRITICAL,
    stage=Stage.MACHINE,
    needs=("disks",),
    error_codes=("UserErrorSharedDiskBackupNotSupported", "UserErrorUnsupportedDiskConfiguration"),
    sources=(SUPPORT_MATRIX, SELECTIVE),
    advice="Exclude the shared disk with an Enhanced policy, and protect it with Azure Disk Backup.",
)


def judge(state: AzureState) -> Verdict:
    disks = [disk for disk in taken(state) if (disk.shares or 1) > 1]
    if not disks:
        return ok()
    names = ", ".join(disk.name for disk in disks)
    return refused(
        state,
        f"Shared disks: {names}",
        *(disk.fact("shares") for disk in disks),
        disks=disks,
        codes=CHECK.error_codes,
        key="A disk of the machine is shared",
    )
