# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension got its last command in time: it gives up one that is older than 140 minutes."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import GuestState
from ._snapshot import ended_with

CHECK = Check(
    aliases=("command_too_late",),
    title="Commands reach the extension in time",
    severity=WARNING,
    stage=Stage.STATUS,
    needs=("extension.installed", "extension.status"),
    explained_by=(
        "exthandler_running",
        "agent_auto_restart",
        "clock_skew",
        "cpu_load",
        "memory_use",
    ),
    source="VMSnapshotLinux: code 402, limit of 140 minutes",
)


def judge(state: GuestState) -> Verdict:
    if state.extension.installed is None:
        return not_applicable("The extension is not installed yet")
    late = ended_with(state, 402)
    return warn("The last command reached the extension after more than 140 minutes", late) if late else ok()
