# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file system that is mounted twice would be frozen twice. The kernel refuses the second freeze, and the backup
fails with it."""

from __future__ import annotations

from collections import Counter

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP, agent_issue
from ._last_run import ended_well, ended_with

CHECK = Check(
    aliases=("duplicate_mounts",),
    title="Each file system is mounted once",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage.twice",),
    error_codes=(
        "UserErrorFsFreezeFailed",
        "UserErrorFsFreezeTimeout",
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        agent_issue(525, "one disk mounted twice"),
    ),
    advice=("Unmount one of the mount points, or exclude it with MountsToSkip in /etc/azure/vmbackup.conf."),
)


def judge(state: LinuxState) -> Verdict:
    groups = state.storage.twice
    evidence = [Evidence(f"{group.origin}: {group.device}", group.targets) for group in groups]
    certain = _frozen_twice(state)
    if certain:
        return fail("The extension would freeze one file system twice", certain, *evidence)
    if not groups:
        return ok()
    if _view_is_known(state):
        return ok(*evidence, why="A file system is mounted twice; the extension freezes it once")
    refused = ended_with(state, 121)
    if refused:
        return fail(
            "A file system is mounted twice, and the last backup could not freeze every file system", refused, *evidence
        )
    if ended_well(state):
        return ok(*evidence, why="A file system is mounted twice; the last backup succeeded nevertheless")
    return warn("A file system is mounted twice: the second freeze would fail", *evidence)


def _view_is_known(state: LinuxState) -> bool:
    """Whether what would be frozen is the extension's own choice: lsblk names one mount point of a device."""
    lsblk = state.storage.get("lsblk")
    known = lsblk is not None and bool(lsblk.get("complete"))
    return state.live and known and bool(state.storage.get("frozen"))


def _frozen_twice(state: LinuxState) -> Evidence | None:
    """Two mounts that the extension itself would pick show one file system."""
    if not _view_is_known(state):
        return None
    frozen = state.storage.frozen
    counts = Counter(mount.device for mount in frozen if mount.device)
    twice = [mount.target for mount in frozen if mount.device and counts[mount.device] > 1]
    return Evidence(state.storage.mounts_from, twice) if twice else None
