# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disks are not the bottleneck."""

from __future__ import annotations

import re

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from . import _signs

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


def judge(state: GuestState) -> Verdict:
    """Whether shadow copies failed because volumes were too busy to hold writes."""
    found = _signs.events(state, "volume_timeouts", 8)
    found += _signs.events(state, "vss_errors", 12298)
    found += _signs.events(state, "vss_errors", pattern=r"0x8004231[34]|timed out while holding writes")
    told = re.search(r"0x8004231[34]|timed out while holding writes", _signs.plugin_message(state))
    if not found and not told:
        return ok()
    why = "A snapshot timed out while it held writes: the volume was too busy"
    evidence = _signs.evidence({id(event): event for event in found}.values())
    if _signs.last_run_succeeded(state):
        return ok(*evidence, why="Earlier: " + why[0].lower() + why[1:])
    return fail(why, *evidence)
