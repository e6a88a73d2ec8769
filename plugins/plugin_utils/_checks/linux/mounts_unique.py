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
    refused = ended_with(state, 121)
    if refused:
        return fail(
            "A file system is mounted twice, and the last backup could not freeze every file system", refused, *evidence
        )
    if ended_well(state):
        return ok(*evidence, why="A file system is mounted twice; the last backup succeeded nevertheless")
    return warn("A file system is mounted twice: the second freeze would fail", *evidence)


def _frozen_twice(state: LinuxState) -> Evidence | None:
    """Two mounts that the extension itself would pick show one file system."""
    frozen = state.storage.get("frozen")
    # Without lsblk's view the choice is ours and not the extension's.
    lsblk = state.storage.get("lsblk")
    if not frozen or lsblk is None or lsblk.error or not state.live or not lsblk.get("complete"):
        return None
    counts = Counter(mount.device for mount in frozen if mount.device)
    twice = [mount.target for mount in frozen if counts[mount.device] > 1]
    return Evidence(state.storage.mounts_from, twice) if twice else None
