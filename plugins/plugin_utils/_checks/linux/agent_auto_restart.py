# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's daemon comes back by itself after a crash."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    title="The agent restarts by itself",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("agent.unit",),
    explained_by=("agent_unit",),
    source="article, issue 2 step 3; upstream units have Restart=always, Debian's package has none",
)

COVERS = ("always", "on-failure")


def judge(state: GuestState) -> Verdict:
    unit = state.agent.unit
    if unit is None:
        return not_applicable("The agent has no service")
    if unit.load == "masked":
        return not_applicable("The unit is masked")
    if unit.restart not in COVERS:
        return warn("The agent stays down after a crash: nothing restarts it", unit.fact("restart"))
    facts = [unit.fact(name) for name in ("restart", "restart_s", "start_limit_burst") if unit.get(name) is not None]
    note = ""
    if (unit.get("restart_s") or 0) < 1:
        note = "It restarts so fast that a few crashes in a row reach the start limit, and it then stays down"
    return ok(*facts, why=note)
