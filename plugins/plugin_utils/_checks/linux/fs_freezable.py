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
from ._snapshot import TRANSITION, ended_well, ended_with, last_result

CHECK = Check(
    title="The file systems can be frozen",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage", "extension.status"),
    explained_by=(
        "other_backup_products",
        "mount_open",
        "safefreeze_binary",
        "lib_dir_exec",
        "lsblk",
        "vmbackup_conf",
    ),
    error_codes=("UserErrorFsFreezeFailed",),
    sources=(TROUBLESHOOT_BACKUP, extension_file("fsfreezer.py")),
    advice="Unmount the file system, run `fsck` on its device, and mount it again. Skip one that cannot be unmounted"
    " with MountsToSkip in section [SnapshotThread] of /etc/azure/vmbackup.conf.",
)

EXCLUDE = (
    "Look in extension.log for what stopped the freeze helper, and exclude /var/lib/waagent from security products."
)


def judge(state: LinuxState) -> Verdict:
    if "frozen" not in state.storage and not state.live:
        by_log = _by_log(state)
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
    refused = ended_with(state, 121)
    if refused:
        return _refused(state, [mount.target for mount in mounts], refused)
    hanging = _never_thawed(state)
    if hanging:
        return hanging
    for mount in mounts:
        if mount.turned_read_only:
            return warn(f"The file system of {mount.target} stopped writing after errors", mount.fact("options"))
        if mount.errors and not ended_well(state):
            return warn(f"The file system of {mount.target} has recorded errors", mount.fact("errors"))
    if not mounts:
        return not_applicable("No mounted file system is of a kind that backups freeze")
    return ok(Evidence(state.storage.mounts_from, [mount.target for mount in mounts]))


def _refused(state: LinuxState, targets: list[str], refused: Evidence) -> Verdict:
    run = state.extension.get("last_run")
    failures = [one for one in run.failures if one.step == "fifreeze"] if run is not None else []
    still = [one for one in failures if one.mount in targets or not state.live]
    if failures and not still:
        return ok(refused, why="Earlier: the mount that refused to freeze is gone, or is skipped now")
    evidence = [Evidence(f"{run.origin}: {one.mount}", one.error or "failed") for one in still]
    key = "The last backup could not freeze a file system" + (f": {still[0].mount}" if still else "")
    why = f"{key} ({still[0].error})" if still and still[0].error else key
    return fail(why, refused, *evidence, key=key)


def _by_log(state: LinuxState) -> Verdict | None:
    """For a disk whose mounts are not known."""
    refused = ended_with(state, 121)
    return _refused(state, [], refused) if refused else _never_thawed(state)


def _never_thawed(state: LinuxState) -> Verdict | None:
    run = state.extension.get("last_run")
    if run is None or run.code is not None or not run.freezing or run.thawed or run.failures:
        return None
    result = last_result(state)
    # A running backup looks the same; on a disk nothing runs any more.
    if result is None and state.live or result is not None and result.code != TRANSITION:
        return None
    security = state.get("security")
    guards = security.get("guards") if security else None
    evidence = [run.fact("ended"), *([Evidence("processes", ", ".join(guards))] if guards else [])]
    why = "The last backup froze the file systems and did not thaw them"
    if result is not None and result.before_boot:
        return warn(f"{why}; the system was restarted since", *evidence, fix=by_hand(EXCLUDE))
    thaw = "If writing hangs, run `fsfreeze --unfreeze` on each mount point, or reboot the VM."
    return fail(why, *evidence, fix=by_hand(f"{thaw} {EXCLUDE}"))
