# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No other product holds the lock for freezing file systems.

The extension takes a lock on ``SafeFreezeLockFile`` before it freezes, and so does Azure Site Recovery. A backup that
does not get the lock tries for about half a minute, then freezes anyway, and usually meets file systems that are
frozen already: it fails with code 121. The file alone proves nothing, because only the lock counts.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP, extension_file
from ._extension import signature
from ._last_run import ended_with

CHECK = Check(
    title="No other product freezes the file systems",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("extension.lock", "extension.status", "extension.last_run"),
    error_codes=("ExtensionFailedSnapshotLimitReachedError",),
    sources=(TROUBLESHOOT_BACKUP, extension_file("fsfreezer.py")),
    advice="Schedule Azure Site Recovery or the other product for another time than the backup. Do not end its process"
    " while it holds the lock: the file systems would stay frozen.",
)


def judge(state: LinuxState) -> Verdict:
    holder = state.extension.lock.holder
    held = []
    if holder is not None and not holder.backup:
        held = [Evidence(state.extension.lock.origin, f"{holder.name} (process {holder.pid})")]
    collided = signature(state, "frozen_by_another") if ended_with(state, 121) else None
    if collided:
        why = "Another product had frozen the file systems when the last backup was to freeze them"
        return fail(why, collided, *held)
    if holder is not None and held:
        why = f"{holder.name} holds the lock for freezing file systems"
        return warn(why, *held, key="Another product holds the lock for freezing file systems")
    return ok()
