# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy that deploys backup by itself does so for new machines; for others, and where its own deployment is
refused, it only notes that they do not comply."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, not_applicable, ok, warn
from ..._facts._types import AzureState
from ._pages import AUTO_ENABLE, REMEDIATE
from ._protection import active

CHECK = Check(
    title="What Azure Policy deploys by itself has been deployed",
    severity=WARNING,
    stage=Stage.PROTECTION,
    needs=("denials", "protection.items"),
    sources=(AUTO_ENABLE, REMEDIATE),
    advice="Create a remediation task for the assignment, and see in its deployments why the last one failed: a"
    " policy that denies vaults with public access refuses the vault, too.",
)


def judge(state: AzureState) -> Verdict:
    deploys = [one for one in state.denials if (one.effect or "").lower() == "deployifnotexists"]
    open_ = [one for one in deploys if one.compliance == "NonCompliant"]
    if active(state):
        return not_applicable("The machine is protected")
    if open_:
        evidence = [fact for one in open_ for fact in (one.fact("assignment"), one.fact("compliance"))]
        return warn(f"Azure Policy has not deployed what it should: {open_[0].name}", *evidence)
    return ok(*(one.fact("assignment") for one in deploys))
