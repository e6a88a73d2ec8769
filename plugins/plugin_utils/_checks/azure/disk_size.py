# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Backup takes disks up to a size, and machines up to a size of all disks together."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, ok, unknown
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX
from ._limits import limit
from ._pages import SELECTIVE
from ._refusal import refused, taken

CHECK = Check(
    title="The disks are not larger than Azure Backup takes",
    severity=CRITICAL,
    stage=Stage.MACHINE,
    needs=("disks",),
    error_codes=("UserErrorUnsupportedDiskSize",),
    sources=(SUPPORT_MATRIX, SELECTIVE),
    advice="Exclude the disk from the backup, or move its data to smaller ones.",
)


def judge(state: AzureState) -> Verdict:
    most, together = limit("disk_gb"), limit("machine_gb")
    large = [disk for disk in taken(state) if (disk.size_gb or 0) > most]
    if large:
        names = ", ".join(disk.name for disk in large)
        evidence = [disk.fact("size_gb") for disk in large]
        why = f"Disks of more than {most:,} GiB: {names}"
        return refused(state, why, *evidence, disks=large, codes=CHECK.error_codes, key="A disk is too large")
    size = sum(disk.size_gb or 0 for disk in taken(state))
    total = Evidence(f"{state.vm.origin}: GiB of all disks", size)
    if size > together:
        return refused(
            state, f"Disks of more than {together:,} GiB together", total, disks=taken(state), codes=CHECK.error_codes
        )
    if any(disk.size_gb is None for disk in taken(state)):
        return unknown("The size of a disk is not known", total)
    return ok(total)
