# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disks are not the bottleneck."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    title="The disks keep up",
    severity=WARNING,
    stage=Stage.LOAD,
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "CopyingVHDsFromBackUpVaultTakingLongTime",
    ),
    source="backup troubleshooting article: throttled disks let the freeze time out; the kernel's pressure figures",
)

WAITING = 50.0


def judge(state: GuestState) -> Verdict:
    pressure = state.load.pressure_io
    if pressure is None:
        return not_applicable("This kernel states no pressure")
    if pressure.full_avg60 > WAITING:
        return warn("For the last minute the system mostly waited for its disks", pressure.fact("full_avg60"))
    return ok(pressure.fact("full_avg60"))
