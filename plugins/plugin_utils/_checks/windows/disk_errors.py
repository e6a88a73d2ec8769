# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks and file systems answer without errors.

A shadow copy reads and writes on each volume. Where a disk answers with errors or too late (events 129 and 153), goes
away (157), or has a file system that needs a repair (55 and 98), it fails, and no other hour helps. Disks that are
attached for a while have errors too, so only what Windows logged in a run that failed is a finding.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Source, Stage, Verdict, ok, warn
from ..._facts._types import WindowsState
from . import _events, _run_events
from ._needed import need
from ._pages import command

CHECK = Check(
    title="Disks and file systems answer without errors",
    severity=WARNING,
    stage=Stage.STORAGE,
    explains=("ext_status", "vss_writers"),
    error_codes=("ExtensionFailedVssWriterInBadState",),
    advice=(
        "Find the volume with 'mountvol' and 'Get-Disk', and run 'chkdsk <volume> /scan' on it, then 'chkdsk <volume> "
        "/spotfix' in a maintenance window. If the disk itself has errors, look at its health and metrics in Azure, "
        "and restore it or move its data to a new one."
    ),
    sources=(
        command("chkdsk", "chkdsk"),
        Source(
            "Troubleshoot data corruption and disk errors",
            "https://learn.microsoft.com/troubleshoot/windows-server/backup-and-storage"
            "/troubleshoot-data-corruption-and-disk-errors",
        ),
    ),
)


VOLUME_STATE, HEALTHY = 98, "0"
"""The event with which NTFS says at each mount what a volume needs, and its last value where that is nothing."""


def judge(state: WindowsState) -> Verdict:
    found = _run_events.of_failed_run(state, "disk_errors")
    changed = _run_events.of_failed_run(state, "volume_states")
    found += [event for event in changed if event.id != VOLUME_STATE or event.data[-1:] != [HEALTHY]]
    if found:
        return warn("Disks or file systems answered with errors in the last run", *_events.evidence(found))
    need(state, "extension.versions")
    return ok()
