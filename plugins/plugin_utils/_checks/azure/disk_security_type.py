# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No data disk may have a security type of its own: Azure Backup does not support it."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX
from ._pages import SELECTIVE
from ._refusal import refused, taken

CHECK = Check(
    title="No data disk has a security type",
    severity=WARNING,
    stage=Stage.MACHINE,
    needs=("disks",),
    error_codes=("UserErrorUnsupportedDiskConfiguration",),
    sources=(SUPPORT_MATRIX, SELECTIVE),
    advice="Exclude data disks that have a security type of their own.",
)


def judge(state: AzureState) -> Verdict:
    disks = [disk for disk in taken(state) if disk.role == "data" and disk.security_type]
    if not disks:
        return ok()
    names = ", ".join(disk.name for disk in disks)
    evidence = [disk.fact("security_type") for disk in disks]
    return refused(
        state,
        f"Data disks with a security type: {names}",
        *evidence,
        disks=disks,
        codes=CHECK.error_codes,
        key="Data disks with a security type",
    )
