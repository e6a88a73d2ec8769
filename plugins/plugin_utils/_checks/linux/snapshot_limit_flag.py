# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension records a failed snapshot in vmbackup.conf and cleans up before the next one. A record that stays can
mean that old snapshots fill the limit of a disk."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT
from ._extension_conf import option, option_evidence
from ._last_run import ended_well, ended_with

CHECK = Check(
    title="vmbackup.conf records no failed snapshot",
    severity=WARNING,
    stage=Stage.STATUS,
    needs=("extension.conf",),
    error_codes=("ExtensionFailedSnapshotLimitReachedError",),
    remedies=("vmbackup_conf",),
    sources=(TROUBLESHOOT_AGENT,),
    advice=(
        "Delete old snapshots of the disks that are no longer needed, then retry the backup; the extension "
        "removes its record after a successful run."
    ),
)

CLEAR = Fix("vmbackup_conf", confirm=True, settings={"isanysnapshotfailed": False})


def judge(state: LinuxState) -> Verdict:
    flag = option(state, "isanysnapshotfailed")
    if flag is None or flag == "False":
        return ok()
    evidence = option_evidence(state, "isanysnapshotfailed")
    reached = ended_with(state, 85)
    if reached:
        return fail(
            "The disks have too many snapshots, and vmbackup.conf records a failed one", reached, evidence, fix=CLEAR
        )
    if ended_well(state):
        return ok(evidence)
    return warn("vmbackup.conf records a failed snapshot", evidence, fix=CLEAR)
