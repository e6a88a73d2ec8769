# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows can promise programs more memory.

Memory and page files together are what Windows can promise. When nearly all of it is promised, programs fail to start
and shadow copies cannot be made, also where memory is free. A page file that is too small is the usual reason. Memory
that is used up itself is judged by memory_use. Windows writes an event when it runs low, with the programs that took
the most.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, ok, unknown, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from . import _events, _run_events, _times

CHECK = Check(
    title="Memory and page files suffice for what is promised to programs",
    severity=WARNING,
    stage=Stage.LOAD,
    needs=("events.memory_exhausted",),
    explained_by=("disk_space",),
    explains=("memory_use",),
    error_codes=("UserErrorOperatingSystemFault", "ExtensionFailedOutOfMemoryError"),
    advice=(
        "Let Windows manage the size of the page file, or make it larger, and reboot. Free space on its drive first, "
        "and find what takes the memory."
    ),
    sources=(
        Source(
            "How to determine the appropriate page file size",
            "https://learn.microsoft.com/troubleshoot/windows-client/performance"
            "/how-to-determine-the-appropriate-page-file-size-for-64-bit-versions-of-windows",
        ),
    ),
)

LOW = 2004
"""The event of little virtual memory; the others are of the pools of the kernel, which no page file makes larger."""
LEAST = 0.05
"""Of what can be promised: below it Windows warns of little virtual memory."""


def judge(state: WindowsState) -> Verdict:
    # Those of a run that failed are what memory_use rests on, and those that a run has succeeded after are history.
    low = [
        one
        for one in _run_events.not_followed_by_success(state, state.events.memory_exhausted)
        if one.id == LOW
        and _times.within_a_day(state, one.get("time"))
        and not _run_events.in_failed_run(state, one.get("time"))
    ]
    # What a mounted disk says without the load of a running system.
    memory = state.load.get("memory") if low else state.load.memory
    if memory is not None and _nearly_full(memory) and memory.used_percent <= state.want.max_memory_percent:
        files = state.load.get("page_files")
        evidence = [memory.fact("commit_free_mib"), memory.fact("commit_limit_mib")]
        if files is not None:
            evidence.append(Evidence("page files", list(files)))
        return warn("Nearly all memory and page files are promised to programs", *evidence)
    if low:
        return warn("Windows ran low on memory and page files within the last day", *_events.evidence(low))
    if memory is None or not memory.commit_limit_mib or memory.commit_free_mib is None:
        return unknown("The limit of what Windows can promise is not known")
    return ok(memory.fact("commit_free_mib"))


def _nearly_full(memory: Facts) -> bool:
    limit, free = memory.commit_limit_mib, memory.commit_free_mib
    return bool(limit) and free is not None and free < LEAST * limit
