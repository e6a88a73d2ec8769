# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data is on file systems that a backup can freeze and restore.

The extension freezes ext, xfs and btrfs, and no ZFS; VM backup does not support ZFS pools. A job ends well all the
same, with a recovery point whose pools may not be consistent.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from .._pages import SUPPORT_MATRIX

CHECK = Check(
    title="No data is in ZFS pools",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("storage.zfs",),
    sources=(SUPPORT_MATRIX,),
    advice="Protect the pools with an agent inside the guest or with `zfs send`, or move their data to ext4 or xfs.",
)


def judge(state: LinuxState) -> Verdict:
    pools = state.storage.zfs
    if not pools:
        return ok()
    evidence = Evidence(f"{state.storage.mounts_from}: zfs", pools)
    return warn(f"VM backup does not support ZFS pools ({len(pools):,} mounts)", evidence, key="ZFS pools")
