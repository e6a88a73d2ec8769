# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's service restarts after a crash.

A backup begins with an order to the agent. Upstream's units have ``Restart=always``; Debian's package has no
``Restart=``, and start scripts restart nothing: after one crash there, every backup fails until someone starts the
agent.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, by_hand, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._pages import AGENT_KNOWN_ISSUES, SYSTEMD_SERVICE

CHECK = Check(
    title="The agent's service restarts after a crash",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("agent.unit",),
    explained_by=("agent_unit",),
    remedies=("waagent_service",),
    sources=(TROUBLESHOOT_AGENT, AGENT_KNOWN_ISSUES, SYSTEMD_SERVICE, agent_file("init/redhat/waagent.service")),
    advice="Run `systemctl edit walinuxagent` (waagent on distributions other than Ubuntu and Debian) and add the"
    " section [Service] with the lines Restart=always and RestartSec=5.",
)

COVERS = ("always", "on-failure")


def judge(state: LinuxState) -> Verdict:
    unit = state.agent.unit
    if unit is None:
        return not_applicable("The agent has no service")
    if unit.load == "masked":
        return not_applicable("The unit is masked")
    if unit.restart not in COVERS and unit.kind != "systemd":
        return warn(
            "Nothing restarts the agent after a crash: a start script starts it once",
            unit.fact("restart"),
            fix=by_hand("Have a supervisor such as monit start the agent again: its start script cannot."),
        )
    if unit.restart not in COVERS:
        return warn(
            f"systemd does not restart the agent after a crash (Restart={unit.restart})",
            unit.fact("restart"),
            key="systemd does not restart the agent after a crash",
            fix=Fix("waagent_service", restart_policy="always"),
        )
    facts = [unit.fact(name) for name in ("restart", "restart_s", "start_limit_burst") if unit.get(name) is not None]
    note = ""
    if (unit.get("restart_s") or 0) < 1:
        note = "It restarts so fast that a few crashes in a row reach the start limit, and it then stays down"
    return ok(*facts, why=note)
