# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processors are not too busy for a snapshot.

Azure Backup's page names processors that are busy for more than 90 % of the time: the snapshot task is delayed then
and times out. A short sample counts only where the load average agrees.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from .._pages import ABOUT_BACKUP, TROUBLESHOOT_BACKUP

CHECK = Check(
    aliases=("cpu_high",),
    title="The processors have capacity for a backup",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("load.cpu",),
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "ExtensionFailedTimeoutVMNetworkUnresponsive",
    ),
    sources=(TROUBLESHOOT_BACKUP, ABOUT_BACKUP),
    advice="Find the busiest processes with `top` and move their work or the backup's schedule to another time, or"
    " choose a larger VM size.",
)


def judge(state: LinuxState) -> Verdict:
    cpu, limit = state.load.cpu, state.want.max_cpu_percent
    facts = [cpu.fact(name) for name in ("percent", "load_per_core")]
    if cpu.percent > limit and cpu.load_per_core * 100 > limit:
        why = f"The processors are {cpu.percent:.0f} % busy, with a load of {cpu.load_per_core:.1f} per core"
        return warn(why, *facts, key=f"The processors are more than {limit:g} % busy")
    return ok(*facts)
