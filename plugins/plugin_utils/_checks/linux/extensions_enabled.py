# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent processes extensions: the switch that turns backup off without a word in old agents' logs."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from ._conf import setting

KEY = "Extensions.Enabled"

CHECK = Check(
    title="The agent processes extensions",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("conf.settings",),
    explained_by=("conf_path",),
    error_codes=(
        "GuestAgentSnapshotTaskStatusError",
        "ExtensionOperationFailedForManagedDisks",
    ),
    source="azure-docs issue 42262; WALinuxAgent: only y and n set a switch",
)


def judge(state: GuestState) -> Verdict:
    entry, evidence = state.conf.settings[KEY], setting(state, KEY)
    if not entry.value:
        return fail(f"{KEY} is switched off: the agent processes no extension, backup included", evidence)
    if entry.text is not None and entry.text.lower() != "y":
        return ok(evidence, why="Neither y nor n: the default applies, which is y")
    return ok(evidence)
