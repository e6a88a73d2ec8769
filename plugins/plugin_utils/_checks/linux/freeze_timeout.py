# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time limits for freezing can be used and suffice."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._snapshot import ended_with, option

DEFAULTS = {"timeout": 60, "SafeFreezeWaitInSeconds": 66}

CHECK = Check(
    title="Freezing has time enough",
    severity=WARNING,
    stage=Stage.FREEZE,
    needs=("extension.conf",),
    explained_by=(
        "disk_iops",
        "cpu_load",
        "memory_use",
    ),
    error_codes=("UserErrorFsFreezeFailed",),
    source="azure-docs: UserErrorFsFreezeFailed; VMSnapshotLinux: code 122",
)


def judge(state: GuestState) -> Verdict:
    given = {name: option(state, name) for name in DEFAULTS}
    for name, text in given.items():
        if not text:
            continue
        evidence = Evidence(f"{state.extension.conf.origin}: {name}", text)
        if not text.strip().isdigit():
            return warn(f"{name} is no number: the extension takes its default", evidence)
        if int(text) < DEFAULTS[name]:
            return warn(f"{name} is shorter than the extension's default of {DEFAULTS[name]} s", evidence)
    slow = ended_with(state, 122)
    if slow:
        return fail("Freezing took longer than its time limit", slow)
    return ok()
