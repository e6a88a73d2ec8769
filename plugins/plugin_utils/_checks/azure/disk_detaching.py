# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is just being detached by force changes the machine while its snapshot is taken."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import AzureState
from ._pages import POINTS

CHECK = Check(
    title="No disk is being detached",
    severity=WARNING,
    stage=Stage.MACHINE,
    needs=("disks",),
    error_codes=("OperationNotAllowed",),
    sources=(POINTS,),
    advice="Wait until the disk is detached, then run the backup again.",
)


def judge(state: AzureState) -> Verdict:
    disks = [disk for disk in state.disks if disk.being_detached]
    if disks:
        names = ", ".join(disk.name for disk in disks)
        return warn(
            f"Disks that are being detached: {names}",
            *(disk.fact("being_detached") for disk in disks),
            key="A disk is being detached",
        )
    return ok()
