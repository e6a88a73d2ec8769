# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy for crash-consistent points alone needs neither agent nor extension: what is wrong in the guest stops none
of its backups. Not every machine can have such points."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Effect, Evidence, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import AzureState
from ._limits import no_crash_points
from ._pages import CRASH_CONSISTENT

CHECK = Check(
    title="The machine can have the kind of points that its policy makes",
    severity=CRITICAL,
    stage=Stage.PROTECTION,
    needs=("policy",),
    sources=(CRASH_CONSISTENT,),
    advice="Choose a policy with application-consistent points for this machine, or change what excludes"
    " crash-consistent ones.",
)


def judge(state: AzureState) -> Verdict:
    policy = state.policy
    if policy is None:
        return not_applicable("No policy applies to this machine")
    stated = policy.fact("consistency")
    if policy.consistency != "OnlyCrashConsistent":
        return ok(stated)
    against = no_crash_points(state)
    if against:
        return fail(
            f"The policy makes crash-consistent points only, and {against[0]}",
            stated,
            *(Evidence("stands against crash-consistent points", one) for one in against),
            key="The policy makes crash-consistent points only, and the machine cannot have them",
            effect=Effect.GUEST_NOT_USED,
        )
    return ok(
        stated,
        why="The policy makes crash-consistent points only: agent and extension are not used",
        effect=Effect.GUEST_NOT_USED,
    )
