# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The platform does not send the snapshot handler for Windows to this Linux guest."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._snapshot import ended_well

CHECK = Check(
    aliases=("wrong_os_handler",),
    title="The handlers are those for Linux",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("extension.wrong_os", "extension.installed"),
    source="WALinuxAgent issue 1059",
)


def judge(state: GuestState) -> Verdict:
    found = state.extension.wrong_os
    if not found:
        return ok()
    evidence = Evidence(state.extension.lib_dir.path, found[-1])
    why = "The VM's model carries the snapshot extension for Windows"
    works = state.extension.installed is not None and ended_well(state)
    return warn(why, evidence) if works else fail(why, evidence)
