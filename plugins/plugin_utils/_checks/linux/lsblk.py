# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension lists the file systems that it freezes with lsblk, and waits for it without a time limit."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import extension_file

CHECK = Check(
    title="lsblk answers",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage.lsblk",),
    sources=(
        extension_file("Utils/DiskUtil.py"),
        Source("lsblk(8)", "https://man7.org/linux/man-pages/man8/lsblk.8.html"),
    ),
    advice=(
        "Install util-linux, or find out why `lsblk` hangs (a device that does not answer). Where it hangs "
        "only for root, name another user in /etc/azure/vmbackup.conf: `username=USER` in section `[lsblkUser]`."
    ),
)


def judge(state: LinuxState) -> Verdict:
    lsblk = state.storage.lsblk
    if lsblk.path is None:
        return fail("lsblk is missing: the extension cannot list the mounts that it freezes", lsblk.fact("path"))
    if lsblk.get("answers") is False:
        if state.extension.conf is not None and state.extension.conf.lsblk_user:
            return ok(lsblk.fact("error"), why="lsblk hangs as root; vmbackup.conf names another user for it")
        return fail("lsblk does not answer: the extension would wait for it indefinitely", lsblk.fact("error"))
    if lsblk.error:
        return warn("lsblk fails", lsblk.fact("error"))
    return ok(lsblk.fact("path"))
