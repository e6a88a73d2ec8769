# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's extension policy lets the snapshot extension pass."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    title="No extension policy blocks the extension",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("extension.policy",),
    source="WALinuxAgent: policy engine, Debug.EnableExtensionPolicy",
)


def judge(state: GuestState) -> Verdict:
    policy = state.extension.policy
    if not policy.enabled or not policy.exists:
        return not_applicable("No policy is in force")
    if policy.error:
        return fail("The agent refuses the extension policy, and all extensions with it", policy.fact("error"))
    if policy.listed_only and not policy.listed:
        return fail("The extension policy does not list the snapshot extension", policy.fact("listed"))
    if policy.signature_required:
        return warn("The extension policy demands a signed snapshot extension", policy.fact("signature_required"))
    return ok(policy.fact("listed"))
