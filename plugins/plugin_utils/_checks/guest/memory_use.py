# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A guest without free memory is too slow to freeze in time, and its agent may be ended. What can be dropped at once,
such as the page cache, does not count as used."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from .._pages import PSI, TROUBLESHOOT_BACKUP

CHECK = Check(
    aliases=("memory_high",),
    title="Enough memory is free for a backup",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("load.memory",),
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "ExtensionFailedOutOfMemoryError",
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        PSI,
    ),
    advice=(
        "Stop what uses the memory, or resize the VM; see which processes have most of it (`ps aux "
        "--sort=-rss`, Task Manager)."
    ),
)

THRASHING = 20.0
AMPLE_MIB = 16384
"""So much free memory is enough on a machine of any size, whatever share of it that is."""


def judge(state: GuestState) -> Verdict:
    memory, limit = state.load.memory, state.want.max_memory_percent
    pressure = state.load.get("pressure_memory")
    if memory.used_percent > limit and memory.available_mib < AMPLE_MIB:
        return warn(
            f"More than {limit:g} % of the memory is used", memory.fact("used_percent"), memory.fact("available_mib")
        )
    if pressure and min(pressure.get("full_avg60") or 0, pressure.get("full_avg300", THRASHING + 1)) > THRASHING:
        return warn("For minutes the system has often waited for memory", pressure.fact("full_avg60"))
    return ok(memory.fact("used_percent"))
