# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension uploads its status and its log, so that the portal can show why a backup failed."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._facts._types import LinuxState
from .._pages import extension_file
from ._extension_conf import option, option_evidence

CHECK = Check(
    title="The extension uploads its status",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("extension.conf",),
    sources=(extension_file("common.py"),),
)


def judge(state: LinuxState) -> Verdict:
    value = option(state, "UploadStatusAndLog")
    if value in (None, "", "True"):
        return ok()
    return ok(
        option_evidence(state, "UploadStatusAndLog"),
        why="Status and log are not uploaded: the portal cannot show why a backup failed",
    )
