# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's daemon runs.

A backup begins with an order that the agent fetches: without its daemon the job fails with an error about the VM
agent's status. An active unit proves less than a live daemon process, so the process counts where it can be seen. The
agent exits at start when its pid file names any live process, even one that is not an agent.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, fail, ok
from ..._engine._state import Facts, MissingFact
from ..._facts._types import LinuxState
from .._codes import NO_REPORT, NO_STATUS
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._agent import BEFORE_START
from ._agent_log import last_words, logged

CHECK = Check(
    title="The agent's daemon runs",
    severity=CRITICAL,
    stage=Stage.AGENT,
    explained_by=(
        "agent_unit_conditions",
        "agent_default_gate",
        "agent_writes",
        "agent_service_enabled",
        "agent_update_usable",
    ),
    error_codes=(*NO_REPORT, *NO_STATUS),
    agent_runs=True,
    remedies=("waagent_service",),
    sources=(TROUBLESHOOT_AGENT, agent_file("azurelinuxagent/daemon/main.py")),
    advice="Run `systemctl start walinuxagent` on Ubuntu and Debian, `systemctl start waagent` on other distributions."
    " If it stops again, read `journalctl -u` of that unit and the end of /var/log/waagent.log.",
)

FIX = Fix("waagent_service")


def judge(state: LinuxState) -> Verdict:
    unit = state.agent.get("unit")
    try:
        daemon = state.agent.daemon
    except MissingFact:
        if unit is None or unit.get("active") != "active":
            raise
        return ok(unit.fact("active"))
    if daemon is not None and daemon.get("state") == "T":
        return fail("The agent's daemon is suspended by a signal", daemon.fact("state"), fix=FIX)
    if daemon is not None:
        return ok(daemon.fact("pid"))
    blocker = _pid_of_another(state)
    if blocker:
        return fail("The agent exits at start: its pid file names another live process", *blocker, fix=FIX)
    system = state.agent.get("system_log")
    return fail(_why(unit), *_evidence(unit), *(last_words(system) if system is not None else ()), fix=FIX)


def _why(unit: Facts | None) -> str:
    if unit is None or unit.get("active") is None:
        return "The agent's daemon does not run"
    if unit.active == "activating" and unit.get("sub") in BEFORE_START:
        return "systemd has not started the agent's daemon yet"
    if unit.active == "activating":
        return "The agent's daemon does not stay up: systemd starts it again and again"
    if unit.active == "failed":
        return f"The agent's daemon does not run: its unit failed ({unit.get('result')})"
    if unit.active == "active":
        return "The agent's unit is active, and its daemon does not run"
    return "The agent is stopped"


def _pid_of_another(state: LinuxState) -> list[Evidence]:
    pid, line = state.agent.get("pid_file"), logged(state, "already_running")
    if pid and pid.get("alive") and not pid.get("is_agent"):
        return [pid.fact("pid"), *([line] if line else [])]
    return []


def _evidence(unit: Facts | None) -> list[Evidence]:
    found = [unit.fact(name) for name in ("active", "sub", "result") if unit and unit.get(name) is not None]
    return found or [Evidence("processes", "no waagent -daemon")]
