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

from collections.abc import Sequence

from ..._engine._model import CRITICAL, Check, Evidence, Source, Stage, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _extension, _last_run, _signs
from ._pages import command
from ._services import DISABLED, shown
from ._vss import CSV_WRITER, STATES, SYSTEM_WRITER, writer_name, writers_in

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
FIRST_FAILED = 6
REJECTED, ROUTINE_FAILED = 8229, 8193
"""Events of VSS: a writer rejected the snapshot; a routine failed with an error number."""
INVALID_SID = "0x80070539"
FIND_WRITERS = (
    "Run 'vssadmin list writers' as administrator. If it lists none either, run 'Restart-Service EventSystem -Force' "
    "and 'Restart-Service VSS', or reboot the VM."
)
DELETE_PROFILE = (
    r"Export the key below HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList whose name is the one in the "
    "event, such as <SID>.bak, delete it and reboot."
)


def judge(state: WindowsState) -> Verdict:
    writers = [item for item in state.backup.writers if item.id != CSV_WRITER]
    failed = [item for item in writers if item.state >= FIRST_FAILED]
    waiting = [item for item in writers if item.state in WAITING or item.state == 0]
    if failed:
        names = ", ".join(sorted(writer_name(item.id) for item in failed))
        return fail(f"Shadow copy writers have failed: {names}", *map(_evidence, failed))
    if not writers:
        why = "The Volume Shadow Copy service lists no writers"
        return fail(why, Evidence("writers", []), fix=by_hand(FIND_WRITERS))
    found = _of_the_run(state, writers)
    if found:
        return found
    if waiting:
        names = ", ".join(sorted(writer_name(item.id) for item in waiting))
        return warn(f"Shadow copy writers are stuck waiting: {names}", *map(_evidence, waiting))
    return ok(Evidence("writers", f"{len(writers)} stable"))


def _of_the_run(state: WindowsState, writers: Sequence[Facts]) -> Verdict | None:
    """The verdict where the events of a run that failed, or a writer that is not there, explain it."""
    named = [(one, writers_in(" ".join(one.data))) for one in _last_run.events_of_the_run(state, "vss_errors")]
    rejected = [(event, ids) for event, ids in named if event.id == REJECTED and CSV_WRITER not in ids]
    if rejected:
        names = ", ".join(sorted({writer_name(id_) for _event, ids in rejected for id_ in ids})) or "see the event"
        evidence = _signs.evidence(event for event, _ids in rejected)
        return fail(f"Shadow copy writers rejected the snapshot of the last run: {names}", *evidence)
    profiles = _last_run.events_of_the_run(state, "vss_errors", ROUTINE_FAILED)
    profiles = [event for event in profiles if INVALID_SID in " ".join(event.data)]
    if profiles:
        why = "A user profile without a valid account stops the shadow copy writers"
        return fail(why, *_signs.evidence(profiles), fix=by_hand(DELETE_PROFILE))
    if _extension.message(state) and not any(item.id == SYSTEM_WRITER for item in writers):
        service = state.services.get("CryptSvc")
        enable = "Run 'sc.exe config CryptSvc start= auto' and " if service and service.start == DISABLED else "Run "
        return fail(
            f"The {writer_name(SYSTEM_WRITER)} is not among the shadow copy writers",
            Evidence("writers", [item.id for item in writers]),
            *_signs.evidence(_last_run.events_of_the_run(state, "crypto_errors")),
            *_signs.evidence(event for event, ids in named if SYSTEM_WRITER in ids),
            *(shown(service, "start", "state") if service else ()),
            fix=by_hand(f"{enable}'Restart-Service CryptSvc', then check 'vssadmin list writers'."),
        )
    return None


def _evidence(item: Facts) -> Evidence:
    return Evidence(f"writer {writer_name(item.id)}", f"[{item.state}] {STATES.get(item.state, 'unknown')}")
