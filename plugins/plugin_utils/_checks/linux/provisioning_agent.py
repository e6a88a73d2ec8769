# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Provisioning.Agent names a way of provisioning that the agent knows."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from ._conf import setting

KEY = "Provisioning.Agent"
KNOWN = ("auto", "cloud-init", "waagent", "disabled")

CHECK = Check(
    title="The agent knows its way of provisioning",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("conf.settings",),
    explained_by=("conf_path",),
    error_codes=(
        "GuestAgentSnapshotTaskStatusError",
        "ExtensionOperationFailedForManagedDisks",
    ),
    source="azure-docs: the snapshot status can't be retrieved; WALinuxAgent: any way that it knows will do",
)


def judge(state: GuestState) -> Verdict:
    value, evidence = state.conf.settings[KEY].value, setting(state, KEY)
    if value in KNOWN:
        return ok(evidence)
    return warn(f"{KEY}={value} is no way of provisioning that the agent knows", evidence)
