# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processors are not too busy for a snapshot.

Azure Backup's page names processors that are busy for more than 90 % of the time: the snapshot task is delayed then
and times out. Only load that lasts counts: the kernel's pressure figures and load averages of minutes tell it, a short
burst does not show in them.
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


WAITING = 50.0
"""Per cent of five minutes in which some task waited for a processor."""

QUEUE = 2
"""Without pressure figures: so many times the limit, as the load average counts tasks that wait for a disk, too."""


def judge(state: LinuxState) -> Verdict:
    cpu, limit = state.load.cpu, state.want.max_cpu_percent
    pressure = state.load.get("pressure_cpu")
    facts = [cpu.fact("load_5m"), cpu.fact("load_15m")]
    long = [100 * cpu.load_per_core, 100 * cpu.load_15m / max(1, cpu.cores)]
    waiting = pressure.get("some_avg300") if pressure is not None else None
    if pressure is None or waiting is None:
        busy = min(long) > QUEUE * limit
    else:
        busy = long[0] > limit and waiting > WAITING
        facts.append(pressure.fact("some_avg300"))
    if busy:
        why = f"For minutes the processors have had a load of {cpu.load_per_core:.1f} per core"
        return warn(why, *facts, key="The processors have been too busy for minutes")
    return ok(*facts)
