# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shadow copy writers in the events of a run that failed."""

from __future__ import annotations

from collections.abc import Sequence

from ..._engine._model import Evidence, Verdict, by_hand, fail, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from . import _events, _extension, _run_events
from ._services import DISABLED, shown
from ._vss import CSV_WRITER, SYSTEM_WRITER, writer_name, writers_in

REJECTED, ROUTINE_FAILED = 8229, 8193
"""Events of VSS: a writer rejected the snapshot; a routine failed with an error number."""
INVALID_SID = "0x80070539"
DELETE_PROFILE = (
    r"Export the key below HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList whose name is the one in the "
    "event, such as <SID>.bak, delete it and reboot."
)


def broken_in_the_run(state: WindowsState, writers: Sequence[Facts]) -> Verdict | None:
    """The verdict where the events of a run that failed, or a writer that is not there, explain it."""
    named = [(one, writers_in(" ".join(one.data))) for one in _run_events.of_failed_run(state, "vss_errors")]
    rejected = [(event, ids) for event, ids in named if event.id == REJECTED and CSV_WRITER not in ids]
    if rejected:
        names = ", ".join(sorted({writer_name(id_) for _event, ids in rejected for id_ in ids})) or "see the event"
        evidence = _events.evidence(event for event, _ids in rejected)
        return fail(f"Shadow copy writers rejected the snapshot of the last run: {names}", *evidence)
    profiles = _run_events.of_failed_run(state, "vss_errors", ROUTINE_FAILED)
    profiles = [event for event in profiles if INVALID_SID in " ".join(event.data)]
    if profiles:
        why = "A user profile without a valid account stops the shadow copy writers"
        return fail(why, *_events.evidence(profiles), fix=by_hand(DELETE_PROFILE))
    service, message = state.services.get("CryptSvc"), _extension.message(state)
    disabled = service is not None and service.start == DISABLED
    if (message or disabled) and not any(item.id == SYSTEM_WRITER for item in writers):
        enable = "Run 'sc.exe config CryptSvc start= auto' and " if disabled else "Run "
        return (fail if message else warn)(
            f"The {writer_name(SYSTEM_WRITER)} is not among the shadow copy writers",
            Evidence("writers", [item.id for item in writers]),
            *_events.evidence(_run_events.of_failed_run(state, "crypto_errors")),
            *_events.evidence(event for event, ids in named if SYSTEM_WRITER in ids),
            *(shown(service, "start", "state") if service else ()),
            fix=by_hand(f"{enable}'Restart-Service CryptSvc', then check 'vssadmin list writers'."),
        )
    return None
