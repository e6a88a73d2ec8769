# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processors are not too busy for a snapshot.

A busy guest queues the snapshot's work until it times out; the article on failed snapshots names 90 %. Windows has no
load average, so a short sample decides. It can hit a moment's work: so it warns and never fails.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_AGENT, TROUBLESHOOT_BACKUP

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
    advice=(
        "Find what uses the processors with 'Get-Process | Sort-Object CPU -Descending'. Move the backup to a quieter "
        "hour, or resize the VM."
    ),
    sources=(TROUBLESHOOT_BACKUP, TROUBLESHOOT_AGENT),
)


def judge(state: WindowsState) -> Verdict:
    cpu, limit = state.load.cpu, state.want.max_cpu_percent
    if cpu.percent > limit:
        return warn(
            f"The processors are {cpu.percent:g} % busy, more than {limit:g} %",
            cpu.fact("percent"),
            key=f"The processors are more than {limit:g} % busy",
        )
    return ok(cpu.fact("percent"))
