# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The backup of a machine with write accelerator, alone among machines with an agent of today, needs a way to Azure
Storage, also where these disks are excluded."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, ok, warn
from ..._facts._types import AzureState
from .._pages import SUPPORT_MATRIX
from ._outbound import closed, detours
from ._pages import WRITE_ACCELERATOR

CHECK = Check(
    title="A machine with write accelerator has a way to Azure Storage",
    severity=CRITICAL,
    stage=Stage.MACHINE,
    needs=("disks",),
    error_codes=("UserErrorWAEnabledDisksNotSupported", "UserErrorInvalidManagedDiskOperation"),
    sources=(SUPPORT_MATRIX, WRITE_ACCELERATOR),
    advice="Allow outbound TCP 443 to the service tag Storage of the region, or turn write accelerator off.",
)


def judge(state: AzureState) -> Verdict:
    disks = [disk for disk in state.disks if disk.write_accelerator]
    if not disks:
        return ok()
    evidence = [disk.fact("write_accelerator") for disk in disks]
    shut, detour = closed(state), detours(state)
    if shut:
        return fail("Write accelerator is on, and the way to Azure Storage is closed", *evidence, *shut)
    if detour:
        return warn("Write accelerator is on, and a route leads away from Azure Storage", *evidence, *detour)
    return ok(*evidence, why="Write accelerator is on; nothing in Azure closes the way to Azure Storage")
