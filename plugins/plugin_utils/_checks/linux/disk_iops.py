# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disks keep up with the load.

A file system freezes only after everything that is to be written is on the disk. Where disks are throttled by the
limits of their size or of the VM's, that takes longer than a backup waits. The kernel's pressure figures say how long
all tasks waited for disks.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import PSI, TROUBLESHOOT_BACKUP

CHECK = Check(
    title="The disks keep up with the load",
    severity=WARNING,
    stage=Stage.LOAD,
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "CopyingVHDsFromBackUpVaultTakingLongTime",
        "UserErrorFsFreezeTimeout",
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        Source(
            "Virtual machine and disk performance",
            "https://learn.microsoft.com/azure/virtual-machines/disks-performance",
        ),
        PSI,
    ),
    advice="Schedule the backup for a time with less disk load, spread the load over more disks, or choose disks and a"
    " VM size with more IOPS.",
)

WAITING = 50.0


def judge(state: LinuxState) -> Verdict:
    pressure = state.load.pressure_io
    if pressure is None:
        return not_applicable("This kernel states no pressure")
    waited = pressure.full_avg60
    if waited > WAITING:
        return warn(
            f"All tasks waited for disks during {waited:.0f} % of the last minute",
            pressure.fact("full_avg60"),
            key="For most of the last minute all tasks waited for disks",
        )
    return ok(pressure.fact("full_avg60"))
