# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No writer of the Volume Shadow Copy service is in a failed state."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._vss import CSV_WRITER, STATES, writer_name

CHECK = Check(
    aliases=("win_vss_writers",),
    title="The shadow copy writers are stable",
    severity=CRITICAL,
    stage=Stage.FREEZE,
    needs=("backup.writers",),
    explained_by=(
        "vss_service",
        "disk_iops",
        "disk_space",
        "cpu_load",
        "memory_use",
    ),
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "VMRestorePointClientError",
    ),
    source="Microsoft, troubleshooting Azure VM backup: ExtensionFailedVssWriterInBadState",
)

WAITING = range(2, 5)
FIRST_FAILED = 6


def judge(state: GuestState) -> Verdict:
    writers = [item for item in state.backup.writers if item.id != CSV_WRITER]
    failed = [item for item in writers if item.state >= FIRST_FAILED]
    waiting = [item for item in writers if item.state in WAITING or item.state == 0]
    if failed:
        names = ", ".join(sorted(writer_name(item.id) for item in failed))
        return fail(f"Shadow copy writers have failed: {names}", *map(_evidence, failed))
    if not writers:
        return fail("The Volume Shadow Copy service knows no writers", Evidence("writers", []))
    if waiting:
        names = ", ".join(sorted(writer_name(item.id) for item in waiting))
        return warn(f"Shadow copy writers wait for a snapshot to go on: {names}", *map(_evidence, waiting))
    return ok(Evidence("writers", f"{len(writers)} stable"))


def _evidence(item) -> Evidence:
    return Evidence(f"writer {writer_name(item.id)}", f"[{item.state}] {STATES.get(item.state, 'unknown')}")
