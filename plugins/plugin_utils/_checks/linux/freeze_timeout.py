# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time limits for freezing can be used and are long enough.

Freezing writes out everything that waits for a disk. The extension waits ``SafeFreezeWaitInSeconds`` for that and gives
its freeze helper ``timeout`` seconds, both in section ``[SnapshotThread]`` of ``/etc/azure/vmbackup.conf``. A backup
that takes longer fails with code 122.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP, extension_file
from ._extension import signature
from ._extension_conf import option, option_evidence
from ._last_run import ended_with
from ._result_codes import FREEZE_TIMEOUT, TIMED_OUT, TRANSITION

DEFAULTS = {"timeout": 60, "SafeFreezeWaitInSeconds": 66}

CHECK = Check(
    title="Freeze timeouts are long enough",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("extension.conf", "extension.status"),
    explained_by=(
        "disk_iops",
        "cpu_load",
        "memory_use",
    ),
    error_codes=(
        "UserErrorFsFreezeFailed",
        "UserErrorFsFreezeTimeout",
    ),
    remedies=("vmbackup_conf",),
    sources=(TROUBLESHOOT_BACKUP, extension_file("fsfreezer.py"), extension_file("handle.py")),
    advice="Move the backup to a time with less disk load, or set timeout and SafeFreezeWaitInSeconds in section"
    " [SnapshotThread] of /etc/azure/vmbackup.conf to more than their defaults of 60 and 66, for example 600.",
)


def judge(state: LinuxState) -> Verdict:
    slow = ended_with(state, FREEZE_TIMEOUT) or (ended_with(state, TRANSITION) and signature(state, TIMED_OUT))
    given = {name: option(state, name) for name in DEFAULTS}
    for name, text in given.items():
        if not text:
            continue
        evidence = option_evidence(state, name)
        fix = Fix("vmbackup_conf", confirm=True, settings={name: None})
        if not text.strip().isdigit():
            why = f"{name} is '{text}', which is not a number: the extension takes its default"
            return warn(why, evidence, key=f"{name} is not a number", fix=fix)
        if int(text) < DEFAULTS[name]:
            why = f"{name} is {int(text)} s, shorter than the extension's default of {DEFAULTS[name]} s"
            key = f"{name} is shorter than its default"
            return fail(why, slow, evidence, key=key, fix=fix) if slow else warn(why, evidence, key=key, fix=fix)
    if slow:
        return fail("Freezing took longer than its time limit", slow)
    return ok()
