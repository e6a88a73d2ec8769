# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The freeze helper opens each mount point before it freezes the file system. One that cannot be opened fails the
backup."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP, extension_file
from ._last_run import ended_with

CHECK = Check(
    title="The mount points can be opened",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage", "extension.status"),
    error_codes=("UserErrorUnableToOpenMount",),
    sources=(
        TROUBLESHOOT_BACKUP,
        extension_file("fsfreezer.py"),
    ),
    advice=(
        "Unmount the mount point or repair it (`umount -l`, then mount it again; a stale FUSE or network "
        "mount is the usual case), or exclude it with MountsToSkip in /etc/azure/vmbackup.conf."
    ),
)


def judge(state: LinuxState) -> Verdict:
    refused = ended_with(state, 123)
    if refused and not state.live:
        return fail("The last backup could not open a mount point", refused, *_by_log(state))
    mounts = state.storage.frozen
    bad = [mount for mount in mounts if mount.get("open_error")]
    if bad:
        evidence = [Evidence(f"open {mount.target}", mount.open_error) for mount in bad]
        return fail(f"The mount point {bad[0].target} cannot be opened", *evidence, *filter(None, (refused,)))
    opened = [mount.target for mount in mounts if mount.open_error is None]
    if refused:
        return ok(refused, why="Earlier: a mount point could not be opened; all can be now")
    return ok(Evidence(state.storage.mounts_from, opened))


def _by_log(state: LinuxState) -> list[Evidence]:
    run = state.extension.get("last_run")
    failures = [one for one in run.failures if one.step != "fifreeze"] if run is not None else []
    return [Evidence(f"{run.origin}: {one.mount}", one.error) for one in failures]
