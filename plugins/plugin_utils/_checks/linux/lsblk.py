# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""lsblk is there and answers: the extension waits for it without a time limit."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    title="lsblk answers",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage.lsblk",),
    source="VMSnapshotLinux: list of disks, option [lsblkUser]",
)


def judge(state: GuestState) -> Verdict:
    lsblk = state.storage.lsblk
    if lsblk.path is None:
        return fail("lsblk is missing: the extension cannot list the mounts that it freezes", lsblk.fact("path"))
    if lsblk.error and "no answer" in lsblk.error:
        if state.extension.conf is not None and state.extension.conf.lsblk_user:
            return ok(lsblk.fact("error"), why="lsblk hangs as root; vmbackup.conf has another user run it")
        return fail("lsblk does not answer: the extension waits for it for ever", lsblk.fact("error"))
    if lsblk.error:
        return warn("lsblk fails", lsblk.fact("error"))
    return ok(lsblk.fact("path"))
