# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file systems that a backup freezes can be frozen.

Before the snapshot the extension freezes every mounted file system of types ext3, ext4, xfs and btrfs, the root last.
One that refuses makes the backup fail with code 121, and one on a suspended device makes it hang. What the last run
could not freeze counts as long as it is still mounted; errors that a file system recorded count while no backup ended
well.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP, extension_file
from ._freeze import last_freeze
from ._last_run import ended_well

CHECK = Check(
    title="The file systems can be frozen",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage", "extension.status", "extension.last_run"),
    explained_by=(
        "other_backup_products",
        "mount_open",
        "safefreeze_binary",
        "lib_dir_exec",
        "lsblk",
        "selinux",
        "vmbackup_conf",
    ),
    error_codes=(
        "UserErrorFsFreezeFailed",
        "UserErrorFsFreezeTimeout",
        "NoExtensionStatusButStatusBlobAvailable",
    ),
    sources=(TROUBLESHOOT_BACKUP, extension_file("fsfreezer.py")),
    advice="Unmount the file system, run `fsck` on its device, and mount it again. Skip one that cannot be unmounted"
    " with MountsToSkip in section [SnapshotThread] of /etc/azure/vmbackup.conf.",
)


def judge(state: LinuxState) -> Verdict:
    if "frozen" not in state.storage and not state.live:
        by_log = last_freeze(state)
        if by_log:
            return by_log
    mounts = state.storage.frozen
    hung = next((mount for mount in mounts if mount.suspended), None)
    if hung:
        return fail(
            f"The device below {hung.target} is suspended: freezing it would hang",
            hung.fact("suspended"),
            fix=by_hand("Find with `dmsetup info` which device is suspended and why, then run `dmsetup resume` on it."),
        )
    trouble = last_freeze(state, [mount.target for mount in mounts])
    if trouble:
        return trouble
    for mount in mounts:
        if mount.turned_read_only:
            return warn(f"The file system of {mount.target} stopped writing after errors", mount.fact("options"))
        if mount.errors and not ended_well(state):
            return warn(f"The file system of {mount.target} has recorded errors", mount.fact("errors"))
    if not mounts:
        return not_applicable("No mounted file system is of a kind that backups freeze")
    return ok(Evidence(state.storage.mounts_from, [mount.target for mount in mounts]))
