# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an application-consistent snapshot fails again and again, the service takes a crash-consistent one of
machines that can have it. Then a fault in the guest costs consistency, not the backup."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Effect, Evidence, Stage, Verdict, not_applicable, ok
from ..._facts._types import AzureState
from ._limits import no_crash_points
from ._pages import CRASH_CONSISTENT

CHECK = Check(
    title="It is known whether the service can fall back to crash-consistent points",
    severity=INFO,
    stage=Stage.PROTECTION,
    needs=("policy", "disks"),
    sources=(CRASH_CONSISTENT,),
)


def judge(state: AzureState) -> Verdict:
    policy = state.policy
    if policy is None:
        return not_applicable("No policy applies to this machine")
    if policy.type != "V2":
        return ok(policy.fact("type"), why="With a Standard policy the service does not fall back")
    against = no_crash_points(state)
    if against:
        return ok(
            *(Evidence("stands against crash-consistent points", one) for one in against),
            why="The service cannot fall back to crash-consistent points",
        )
    return ok(
        state.vm.fact("size"),
        why="The service falls back to crash-consistent points where the guest fails",
        effect=Effect.FALLS_BACK,
    )
