# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing forces snapshots to be taken from inside the guest, which needs a way to Azure Storage."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Evidence, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from ._snapshot import option

METHODS = ("onlyGuest", "firstGuestThenHost", "firstHostThenGuest", "onlyHost")

CHECK = Check(
    title="The host takes the snapshots",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("extension.conf",),
    source="VMSnapshotLinux: choice of the snapshot method",
)


def judge(state: GuestState) -> Verdict:
    method = option(state, "SnapshotMethod")
    if not method:
        return ok(why="The platform chooses")
    evidence = Evidence(f"{state.extension.conf.origin}: SnapshotMethod", method)
    if method == "onlyGuest":
        return warn("SnapshotMethod=onlyGuest: every snapshot needs a direct way to Azure Storage", evidence)
    if method not in METHODS:
        return ok(evidence, why="The extension does not know this word and asks the host first")
    return ok(evidence)
