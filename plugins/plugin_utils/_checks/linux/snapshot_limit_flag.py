# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension's note of a failed snapshot does not stand in the way of the next."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._snapshot import ended_well, ended_with, option

CHECK = Check(
    title="No failed snapshot is noted",
    severity=WARNING,
    stage=Stage.STATUS,
    needs=("extension.conf",),
    error_codes=("ExtensionFailedSnapshotLimitReachedError",),
    source="azure-docs: ExtensionFailedSnapshotLimitReachedError",
)


def judge(state: GuestState) -> Verdict:
    flag = option(state, "isanysnapshotfailed")
    if flag is None or flag == "False":
        return ok()
    evidence = Evidence(f"{state.extension.conf.origin}: isanysnapshotfailed", flag)
    reached = ended_with(state, 85)
    if reached:
        return fail("The disks have too many snapshots, and vmbackup.conf notes a failed one", reached, evidence)
    if ended_well(state):
        return ok(evidence)
    return warn("vmbackup.conf notes a failed snapshot", evidence)
