# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every writer of the Volume Shadow Copy service is stable.

Before a snapshot each writer brings the data of its application into a consistent state. One writer that failed, or
that still waits for an earlier snapshot, makes the next one fail. Some look stable again right after they rejected
one; then only the event log of the run names them. Writers are told apart by their identifiers, because the output of
vssadmin is translated; the name of the service to restart follows from the identifier. The writer of Cluster Shared
Volumes has a check of its own.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Source, Stage, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from ._pages import command
from ._vss import CSV_WRITER, STATES, has_failed, writer_name
from ._vss_run import broken_in_the_run

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
    advice=(
        "Agree a time with the owner of the application and restart the service in parentheses ('net stop <service>', "
        "'net start <service>'), then check 'vssadmin list writers'. If a writer stays failed, reboot the VM."
    ),
    sources=(
        TROUBLESHOOT_BACKUP,
        command("vssadmin list writers", "vssadmin-list-writers"),
        Source(
            "VSS_WRITER_STATE enumeration", "https://learn.microsoft.com/windows/win32/api/vss/ne-vss-vss_writer_state"
        ),
        Source("In-box VSS writers", "https://learn.microsoft.com/windows/win32/vss/in-box-vss-writers"),
    ),
)

WAITING = range(2, 5)
FIND_WRITERS = (
    "Run 'vssadmin list writers' as administrator. If it lists none either, run 'Restart-Service EventSystem -Force' "
    "and 'Restart-Service VSS', or reboot the VM."
)


def judge(state: WindowsState) -> Verdict:
    writers = [item for item in state.backup.writers if item.id != CSV_WRITER]
    failed = [item for item in writers if has_failed(item)]
    waiting = [item for item in writers if item.state in WAITING or item.state == 0]
    if failed:
        names = ", ".join(sorted(writer_name(item.id) for item in failed))
        return fail(f"Shadow copy writers have failed: {names}", *map(_evidence, failed))
    if not writers:
        why = "The Volume Shadow Copy service lists no writers"
        return fail(why, Evidence("writers", []), fix=by_hand(FIND_WRITERS))
    found = broken_in_the_run(state, writers)
    if found:
        return found
    if waiting:
        names = ", ".join(sorted(writer_name(item.id) for item in waiting))
        return warn(f"Shadow copy writers are stuck waiting: {names}", *map(_evidence, waiting))
    return ok(Evidence("writers", f"{len(writers)} stable"))


def _evidence(item: Facts) -> Evidence:
    return Evidence(f"writer {writer_name(item.id)}", f"[{item.state}] {STATES.get(item.state, 'unknown')}")
