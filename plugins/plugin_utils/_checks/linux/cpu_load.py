# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The processors are not too busy for a snapshot."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("cpu_high",),
    title="The processors have room for a backup",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("load.cpu",),
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "ExtensionFailedTimeoutVMNetworkUnresponsive",
    ),
    source="article, issue 2: above 90 % a snapshot may time out. A short sample counts only if the load agrees",
)


def judge(state: GuestState) -> Verdict:
    cpu, limit = state.load.cpu, state.want.max_cpu_percent
    facts = [cpu.fact(name) for name in ("percent", "load_per_core")]
    if cpu.percent > limit and cpu.load_per_core * 100 > limit:
        return warn(f"The processors are more than {limit:g} % busy", *facts)
    return ok(*facts)
