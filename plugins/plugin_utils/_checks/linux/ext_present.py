# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension is complete where it is installed."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, fail, ok
from ..._engine._state import GuestState

CHECK = Check(
    title="The snapshot extension is complete",
    severity=INFO,
    stage=Stage.HANDLER,
    needs=("extension.versions", "extension.installed"),
    explained_by=("disk_space",),
    source="Azure VM agent: layout of a handler; article, issue 3",
)


def judge(state: GuestState) -> Verdict:
    installed = state.extension.installed
    if installed is None:
        return ok(why="The extension is not installed yet: the first backup installs it")
    if installed.state in ("Installed", "Enabled") and not installed.launcher:
        return fail(
            "The snapshot extension counts as installed, but its main/handle.sh is gone",
            installed.fact("state"),
            installed.fact("launcher"),
        )
    return ok(installed.fact("version"))
