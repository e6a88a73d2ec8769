# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's extension policy allows the snapshot extension.

With ``Debug.EnableExtensionPolicy=y`` the agent enforces ``/etc/waagent_policy.json``: it rejects every extension when
it cannot read that file, and one that the file does not allow. A backup then has no extension to order a snapshot of.
"""

from __future__ import annotations

from ....module_utils._guest.handlers import NAME
from ..._engine._model import WARNING, Check, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_file

CHECK = Check(
    title="The agent's extension policy allows the snapshot extension",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("extension.policy",),
    sources=(agent_file("azurelinuxagent/ga/policy/policy_engine.py"),),
    advice=f"Ask the policy's owner to add {NAME} to extensionPolicies.extensions in the policy file.",
)


def judge(state: LinuxState) -> Verdict:
    policy = state.extension.policy
    if not policy.enabled or not policy.exists:
        return not_applicable("No policy is in force")
    if policy.error:
        return fail(
            "The agent rejects the extension policy, and all extensions with it",
            policy.fact("error"),
            fix=by_hand(f"Correct {policy.origin}: `python3 -m json.tool {policy.origin}` names the place."),
        )
    if policy.listed_only and not policy.listed:
        return fail("The extension policy does not list the snapshot extension", policy.fact("listed"))
    if policy.signature_required:
        return warn(
            "The extension policy requires a signed snapshot extension",
            policy.fact("signature_required"),
            fix=by_hand(f"Ask the policy's owner to set signatureRequired to false for {NAME} in {policy.origin}."),
        )
    return ok(policy.fact("listed"))
