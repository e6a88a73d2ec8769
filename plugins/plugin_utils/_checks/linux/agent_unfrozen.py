# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kernel runs the agent's processes.

A control group can be frozen, by ``systemctl freeze``, by a container engine or by a script that never thawed it. Its
processes exist and look idle, the unit is active, and nothing is done.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, by_hand, fail, not_applicable, ok
from ..._facts._types import LinuxState
from ._pages import SYSTEMCTL

CHECK = Check(
    title="The agent's control group is not frozen",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.daemon", "agent.handler"),
    explains=("agent_service_running", "exthandler_running", "agent_status", "agent_goal_state"),
    keeps_agent_down=True,
    sources=(SYSTEMCTL,),
    advice="Run `systemctl thaw` with the name of the agent's unit, and find out what froze it.",
)


def judge(state: LinuxState) -> Verdict:
    processes = [process for process in (state.agent.daemon, state.agent.handler) if process is not None]
    if not processes:
        return not_applicable("The agent does not run")
    frozen = next((process for process in processes if process.get("frozen")), None)
    if frozen is None:
        return ok(*[process.fact("pid") for process in processes])
    unit = state.agent.get("unit")
    thaw = f"Run `systemctl thaw {unit.name}`, and find out what froze it." if unit else CHECK.advice
    return fail("The agent is frozen by its control group", frozen.fact("frozen"), fix=by_hand(thaw))
