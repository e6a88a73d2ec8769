# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writer of Cluster Shared Volumes does not disturb snapshots.

Every failover cluster node has this writer. Azure VM backup does not support Cluster Shared Volumes, and on a node
without such volumes the writer fails nevertheless: the backup completes with a warning and is only file-system
consistent. It can be switched off there.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, by_hand, not_applicable, ok, warn
from ..._facts._types import WindowsState
from .._pages import SUPPORT_MATRIX
from . import _events
from ._needed import need
from ._vss import CSV_WRITER

CHECK = Check(
    aliases=("win_csv_writer",),
    title="The writer of Cluster Shared Volumes does not disturb snapshots",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("services.ClusSvc", "backup.cluster"),
    advice=(
        r"Set EnableCsvVssWriter (REG_DWORD) in HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Failover Clusters to "
        "0 on every node and reboot the nodes one after the other."
    ),
    sources=(
        Source(
            "Azure Backup support: Cluster Shared Volumes and Azure VM backup (Japanese)",
            "https://jpabrs-scem.github.io/blog/AzureVMBackup/CSV_not_Supported/",
        ),
        SUPPORT_MATRIX,
    ),
)

OTHER_BACKUP = (
    "Back up what is on the Cluster Shared Volumes with another product, for example Azure Backup Server, or move it "
    "to disks that are not shared."
)


def judge(state: WindowsState) -> Verdict:
    if state.services.ClusSvc is None:
        return not_applicable("This machine is not a cluster node")
    cluster = state.backup.cluster
    volumes = Evidence(r"C:\ClusterStorage: volumes", cluster.csv_volumes)
    if cluster.csv_volumes:
        why = "The node uses Cluster Shared Volumes, which Azure VM backup does not support"
        return warn(why, volumes, fix=by_hand(OTHER_BACKUP))
    if cluster.csv_writer == 0:
        return ok(cluster.fact("csv_writer"))
    failed = _events.since_boot(state, "vss_errors", 8229, pattern=CSV_WRITER.strip("{}"))
    failed += _events.since_boot(state, "cluster_backup", 1544)
    writers = [item for item in state.backup.get("writers") or [] if item.id == CSV_WRITER and item.state != 1]
    if not failed and not writers:
        need(state, "events.vss_errors", "events.cluster_backup", "backup.writers")
        return ok(volumes)
    why = "The writer of Cluster Shared Volumes failed, although the node has no such volumes"
    return warn(why, volumes, *_events.evidence(failed), *(Evidence("writer state", item.state) for item in writers))
