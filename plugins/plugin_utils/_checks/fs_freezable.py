# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file systems that a backup freezes can be frozen."""

from __future__ import annotations

from .._engine._model import LINUX, WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from .._engine._state import GuestState
from ._snapshot import ended_well, ended_with

CHECK = Check(
    id="fs_freezable",
    title="The file systems can be frozen",
    platforms=(LINUX,),
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("storage.frozen",),
    explained_by=(
        "duplicate_mounts",
        "freeze_lock",
        "ext_other_backup",
        "mount_open",
        "safefreeze_binary",
        "lib_dir_exec",
        "lsblk",
        "vmbackup_conf",
        "ext_version_known_bad",
    ),
    source="azure-docs: UserErrorFsFreezeFailed; VMSnapshotLinux: code 121",
)


def judge(state: GuestState) -> Verdict:
    mounts = state.storage.frozen
    hung = next((mount for mount in mounts if mount.suspended), None)
    if hung:
        return fail(f"The device below {hung.target} is suspended: freezing it would hang", hung.fact("suspended"))
    refused = ended_with(state, 121)
    if refused:
        return _refused(state, [mount.target for mount in mounts], refused)
    hanging = _never_thawed(state)
    if hanging:
        return fail("The last backup froze the file systems and did not thaw them", hanging)
    for mount in mounts:
        if mount.turned_read_only:
            return warn(f"The file system of {mount.target} stopped writing after errors", mount.fact("options"))
        if mount.errors and not ended_well(state):
            return warn(f"The file system of {mount.target} has recorded errors", mount.fact("errors"))
    if not mounts:
        return not_applicable("No mounted file system is of a kind that backups freeze")
    return ok(Evidence(state.storage.mounts_from, [mount.target for mount in mounts]))


def _refused(state: GuestState, targets: list[str], refused: Evidence) -> Verdict:
    run = state.extension.get("last_run")
    failures = [one for one in run.failures if one.step == "fifreeze"] if run is not None else []
    still = [one for one in failures if one.mount in targets or not state.live]
    if failures and not still:
        return ok(refused, why="Earlier: the mount that refused to freeze is gone, or is skipped now")
    evidence = [Evidence(f"{run.origin}: {one.mount}", one.error or "failed") for one in still]
    where = f": {still[0].mount}" if still else ""
    return fail(f"The last backup could not freeze a file system{where}", refused, *evidence)


def _never_thawed(state: GuestState) -> Evidence | None:
    run = state.extension.get("last_run") if "extension" in state else None
    if run is None or run.code is not None or not run.freezing or run.thawed or ended_with(state, 4) is None:
        return None
    return run.fact("ended")
