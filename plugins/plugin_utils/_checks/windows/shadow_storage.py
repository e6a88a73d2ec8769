# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shadow copies have room to be made.

Windows keeps what changes during a shadow copy in a storage area of its own, for which an administrator can set a
limit, and it makes a limited number of copies per volume. Where the limit is reached, the copy that a backup needs
fails, also on a disk with much free space. It fails as well where the area is on a volume that is not NTFS, that was
dismounted, or that the area cannot be created on. Shadow copies of shared folders reach their limit all the time, so
only what Windows logged in a run that failed is a finding.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, by_hand, fail, ok
from ..._facts._types import WindowsState
from . import _events, _run_events
from ._needed import need
from ._pages import command

CHECK = Check(
    title="Shadow copies have room to be made",
    severity=WARNING,
    stage=Stage.FREEZE,
    explains=("ext_status", "vss_writers"),
    advice=(
        "Look at 'vssadmin list shadowstorage' and 'vssadmin list shadows'. Raise the limit with 'vssadmin resize "
        "shadowstorage /for=<volume> /on=<volume> /maxsize=UNBOUNDED', or delete old shadow copies after their owner "
        "has agreed."
    ),
    sources=(
        command("vssadmin resize shadowstorage", "vssadmin-resize-shadowstorage"),
        Source(
            "Volume snapshot driver integrity",
            "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008"
            "/dd364896(v=ws.10)",
        ),
        Source(
            "Diff area integrity",
            "https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008"
            "/dd364698(v=ws.10)",
        ),
    ),
)

NOT_GROWN = (24, 35, 36)
"""Events of VolSnap: the storage of shadow copies could not grow, for lack of space or because of a limit."""
NOT_USABLE = (2, 16, 20, 28, 40)
"""Events of VolSnap: the volume of the storage is not NTFS or was dismounted, or the storage could not be created."""
MOVE = (
    "Check the volume in the event with 'chkdsk', and that it stays attached and mounted. Look at 'vssadmin list "
    "shadowstorage', and have the shadow copies kept on another NTFS volume with 'vssadmin add shadowstorage "
    "/for=<volume> /on=<volume>'."
)


def judge(state: WindowsState) -> Verdict:
    found = _run_events.of_failed_run(state, "volume_timeouts", *NOT_GROWN)
    if found:
        why = "The storage of shadow copies could not grow in the last run, and the copies were lost"
        return fail(why, *_events.evidence(found))
    found = _run_events.of_failed_run(state, "volume_timeouts", *NOT_USABLE)
    if found:
        why = "The storage of shadow copies could not be used in the last run"
        return fail(why, *_events.evidence(found), fix=by_hand(MOVE))
    need(state, "extension.versions")
    return ok()
