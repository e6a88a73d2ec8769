# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disks are fast enough for a snapshot.

While a shadow copy is made, Windows holds writes to the volumes for some seconds at most. On a busy or throttled disk
that takes too long, and the snapshot fails with 0x80042313 or 0x80042314. Windows logs it as event 8, 9 or 25 of
VolSnap or 12297, 12298, 12310 and 12340 of VSS. Outside of a run that failed or has not ended they are history.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_BACKUP
from . import _events, _extension, _last_run, _run_events
from ._needed import need
from ._vss import HOLD_WRITES

CHECK = Check(
    title="The disks keep up with the load",
    severity=WARNING,
    stage=Stage.LOAD,
    error_codes=(
        "ExtensionFailedVssWriterInBadState",
        "CopyingVHDsFromBackUpVaultTakingLongTime",
    ),
    advice=(
        "Move the backup to an hour with less disk activity. If it times out there too, spread the load over more "
        "disks or change to a disk type with more IOPS; the disk metrics of the VM in Azure show the throttling."
    ),
    sources=(TROUBLESHOOT_BACKUP,),
)

BUSY_VOLUME, BUSY_SERVICE = (8, 9, 25), (12297, 12298, 12310, 12340)
TIMED_OUT = rf"{HOLD_WRITES}|timed out while holding writes"


def judge(state: WindowsState) -> Verdict:
    """Whether shadow copies failed because volumes were too busy to hold writes."""
    found = _events.since_boot(state, "volume_timeouts", *BUSY_VOLUME)
    found += _events.since_boot(state, "vss_errors", *BUSY_SERVICE)
    found += _events.since_boot(state, "vss_errors", pattern=TIMED_OUT)
    found = list({id(event): event for event in found}.values())
    # The time of a run without an answer of its own is not known.
    untold = _last_run.newest_version(state) is not None and _last_run.last_status(state) is None
    now = found if untold else [event for event in found if _in_the_run(state, event.get("time"))]
    told = _extension.said(state, TIMED_OUT)
    why = "A snapshot timed out while writes were held: a volume was too busy"
    if now or told:
        return fail(why, *_events.evidence(now), *told)
    need(state, "extension.versions")
    return ok(*_events.evidence(found), why="Earlier: " + why[0].lower() + why[1:] if found else "")


def _in_the_run(state: WindowsState, time: object) -> bool:
    return _run_events.in_failed_run(state, time) or _run_events.since_its_begin(state, time)
