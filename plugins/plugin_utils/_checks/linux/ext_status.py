# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last backup succeeded, by the snapshot extension's own result.

How the last attempt ended is the best sign of how the next one will, as long as nothing changed. The extension's status
word says success for every outcome, so the code counts. Some codes say little about the next attempt, and a result from
before the last reboot is old.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP, extension_file
from ._last_run import last_result
from ._pages import SNAPSHOT_EXTENSION
from ._run_rules import failed, unfinished

CHECK = Check(
    title="The last backup succeeded",
    severity=WARNING,
    stage=Stage.STATUS,
    needs=("extension.installed",),
    explained_by=(
        "freeze_timeout",
        "fs_freezable",
        "network_mount",
        "ext_settings",
        "command_in_time",
        "snapshot_limit_flag",
        "prepost_config",
        "workload_conf",
        "host_presnapshot",
        "storage_https_443",
    ),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    sources=(TROUBLESHOOT_BACKUP, SNAPSHOT_EXTENSION, extension_file("ExtensionErrorCodeHelper.py")),
    advice="Read the end of /var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux/extension.log for the"
    " reason, fix that, and start an on-demand backup.",
)


def judge(state: LinuxState) -> Verdict:
    if state.extension.installed is None:
        return not_applicable("The extension is not installed yet")
    result = last_result(state)
    if result is None:
        return ok(why="No backup has ended yet")
    if result.good:
        return unfinished(state, result) or ok(result.evidence)
    return failed(state, result)
