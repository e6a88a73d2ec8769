# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The system drive has space for the agent, the plugin and the freeze."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, unknown, warn
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_disk_space",),
    title="The system drive has free space",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("storage.drives", "storage.system_drive"),
    error_codes=("ExtensionFailedVssWriterInBadState",),
    source="VM assist for Windows; Microsoft, troubleshooting Azure VM backup",
)

MIB = 1 << 20
COMFORTABLE_MIB = 1024


def judge(state: GuestState) -> Verdict:
    wanted = str(state.storage.system_drive).upper()
    drive = next((item for item in state.storage.drives if str(item.name).upper() == wanted), None)
    if drive is None or drive.free is None:
        return unknown("The system drive gives no size")
    evidence = Evidence(f"drive {drive.name}: free", f"{drive.free // MIB} MiB")
    if drive.free < state.want.min_free_mib * MIB:
        return fail(f"The system drive has less than {state.want.min_free_mib} MiB free", evidence)
    if drive.free < COMFORTABLE_MIB * MIB:
        return warn("The system drive has less than 1 GiB free", evidence)
    return ok(evidence)
