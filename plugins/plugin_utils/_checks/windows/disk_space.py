# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system drive has space for the agent, the snapshot extension and the shadow copies.

Agent and extension unpack their updates and write logs and status on the system drive, and shadow copies need room
for what changes while they exist. Below 100 MiB the next write can fail; below 1 GiB an update may not fit.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, unknown, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from ._pages import VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_disk_space",),
    title="The system drive has enough free space",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("storage.drives", "storage.system_drive"),
    error_codes=("ExtensionFailedVssWriterInBadState",),
    advice=(
        "Delete what is not needed ('cleanmgr', 'Dism.exe /Online /Cleanup-Image /StartComponentCleanup', old logs and "
        "dumps), or enlarge the OS disk in Azure and extend the partition."
    ),
    sources=(VM_ASSIST_WINDOWS, TROUBLESHOOT_BACKUP),
)

MIB = 1 << 20
COMFORTABLE_MIB = 1024


def judge(state: WindowsState) -> Verdict:
    wanted = str(state.storage.system_drive).upper()
    drive = next((item for item in state.storage.drives if str(item.name).upper() == wanted), None)
    if drive is None or drive.free is None:
        return unknown("The free space of the system drive is unknown")
    free = drive.free // MIB
    evidence = Evidence(f"drive {drive.name}: free", f"{free} MiB")
    for limit, verdict in ((state.want.min_free_mib, fail), (COMFORTABLE_MIB, warn)):
        if drive.free < limit * MIB:
            return verdict(
                f"The system drive has {free:,} MiB free, less than {limit:,} MiB",
                evidence,
                key=f"The system drive has less than {limit:,} MiB free",
            )
    return ok(evidence)
