# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The writer of Cluster Shared Volumes does not spoil snapshots on a node that has none."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import GuestState
from . import _signs
from ._vss import CSV_WRITER

CHECK = Check(
    aliases=("win_csv_writer",),
    title="The writer of Cluster Shared Volumes does not fail",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("services.ClusSvc", "backup.cluster"),
    source="Microsoft support: Cluster Shared Volumes are not supported by Azure VM backup (2024)",
)


def judge(state: GuestState) -> Verdict:
    if state.services.ClusSvc is None:
        return not_applicable("This machine is no cluster node")
    cluster = state.backup.cluster
    volumes = Evidence(r"C:\ClusterStorage: volumes", cluster.csv_volumes)
    if cluster.csv_volumes:
        return warn("Cluster Shared Volumes are not supported by Azure VM backup", volumes)
    if cluster.csv_writer == 0:
        return ok(cluster.fact("csv_writer"))
    failed = _signs.events(state, "vss_errors", 8229, pattern=CSV_WRITER.strip("{}"))
    failed += _signs.events(state, "cluster_backup", 1544)
    writers = [item for item in state.backup.get("writers") or [] if item.id == CSV_WRITER and item.state != 1]
    if not failed and not writers:
        return ok(volumes)
    why = "The writer of Cluster Shared Volumes fails on a node without such volumes: snapshots lose their consistency"
    return warn(why, volumes, *_signs.evidence(failed), *(Evidence("writer state", item.state) for item in writers))
