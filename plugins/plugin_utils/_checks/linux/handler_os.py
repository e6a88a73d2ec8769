# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A handler for Windows cannot run on this guest. It can get into a VM's model when a disk is swapped or a template
is reused, and the agent then fails with it in every goal state."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._last_run import ended_well

CHECK = Check(
    aliases=("wrong_os_handler",),
    title="Only handlers for Linux are in the VM's model",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("extension.wrong_os", "extension.installed"),
    sources=(agent_issue(1059, "a handler for Windows on a Linux VM"),),
    advice=(
        "Remove the extension VMSnapshot from the VM (`az vm extension delete --name VMSnapshot`); the next "
        "backup installs VMSnapshotLinux."
    ),
)


def judge(state: LinuxState) -> Verdict:
    found = state.extension.wrong_os
    if not found:
        return ok()
    evidence = Evidence(state.extension.lib_dir.path, found[-1])
    why = "The VM's model contains the snapshot extension for Windows"
    works = state.extension.installed is not None and ended_well(state)
    return warn(why, evidence) if works else fail(why, evidence)
