# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No storage pool, or one that has been backed up before.

Azure Backup's support matrix excludes Storage Spaces, Storage Spaces Direct and Storage Replica: the disks of a pool
are only of use together. A pool whose last backup succeeded is left alone.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, ok, warn
from ..._facts._types import WindowsState
from . import _last_run

CHECK = Check(
    title="Disks are not in storage pools that backup does not support",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("storage.pools", "extension.versions"),
    advice="Back up what is in the pool from inside the VM (for example with the MARS agent), or use plain volumes.",
    sources=(
        Source(
            "Support matrix for Azure VM backup", "https://learn.microsoft.com/azure/backup/backup-support-matrix-iaas"
        ),
    ),
)


def judge(state: WindowsState) -> Verdict:
    pools = state.storage.pools
    if not pools:
        return ok()
    shown = Evidence("storage pools", list(pools))
    if _last_run.succeeded(state):
        return ok(shown, why="Azure Backup does not support storage pools; the last run succeeded")
    return warn("Disks are in a storage pool, which Azure Backup does not support", shown)
