# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No other product holds the lock for freezing file systems."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._snapshot import ended_with, signature

CHECK = Check(
    title="No other product freezes the file systems",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("extension.lock",),
    error_codes=("ExtensionFailedSnapshotLimitReachedError",),
    source="VMSnapshotLinux: SafeFreezeLockFile; azure-docs: Site Recovery beside backup",
)


def judge(state: GuestState) -> Verdict:
    holder = state.extension.lock.holder
    held = []
    if holder is not None and not holder.backup:
        held = [Evidence(state.extension.lock.origin, f"{holder.name} (process {holder.pid})")]
    collided = signature(state, "frozen_by_another") if ended_with(state, 121) else None
    if collided:
        return fail("Another product had the file systems frozen when the last backup wanted to", collided, *held)
    if held:
        return warn("Another product holds the lock for freezing file systems", *held)
    return ok()
