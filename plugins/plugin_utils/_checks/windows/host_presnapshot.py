# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension asks the Azure host to take the snapshot.

Where the host fails, the error code of the run speaks of the guest's network all the same. What the host answered is
read from the status and the log of the extension: the service is never asked by hand.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, not_applicable, ok
from ..._facts._types import WindowsState
from .._azure_host import AT_HOST, failed_at_host
from .._pages import TROUBLESHOOT_BACKUP, extension_file
from ._extension import refused_by_host
from ._last_run import last_status

CHECK = Check(
    title="The Azure host's snapshot service answers",
    severity=CRITICAL,
    stage=Stage.STATUS,
    needs=("extension.versions", "extension.log"),
    explains=("ext_status",),
    sources=(extension_file("hostsnapshotter.py"), TROUBLESHOOT_BACKUP),
    advice=AT_HOST,
)


def judge(state: WindowsState) -> Verdict:
    status = last_status(state)
    if status is None:
        return not_applicable("No backup has asked the host yet")
    failed = refused_by_host(state)
    if failed is None:
        return ok(status.fact("status", status.path))
    answer, shown = failed
    return failed_at_host(answer, shown)
