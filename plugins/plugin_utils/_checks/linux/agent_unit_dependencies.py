# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The units that the agent's unit requires can start.

systemd does not start the agent when a unit of ``Requires=``, ``Requisite=`` or ``BindsTo=`` is absent or fails: a
drop-in that made the agent wait for a mount or a service outlives that service. The agent's own unit does not fail,
and nothing restarts it.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from ._agent import NO_SYSTEMD, at_next_start, running, systemd_unit
from ._agent_log import message
from ._pages import SYSTEMD_UNIT

CHECK = Check(
    title="The units that the agent's unit requires can start",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=("agent_unit",),
    explains=("agent_service_running", "agent_activity"),
    keeps_agent_down=True,
    sources=(SYSTEMD_UNIT,),
    advice="Start the unit that is required (`systemctl list-dependencies` shows it, `systemctl --failed` whether it"
    " failed), then start the agent.",
)

FAILED = "agent_unit_dependency_failed"


def judge(state: LinuxState) -> Verdict:
    unit, system = systemd_unit(state), state.agent.get("system_log")
    if unit is None:
        return NO_SYSTEMD
    required = unit.get("requires", [])
    lost = [one for one in required if one.exists is False or one.masked]
    if lost:
        names = ", ".join(f"{one.name} ({'masked' if one.masked else 'absent'})" for one in lost)
        repair = by_hand(
            f"Restore {lost[0].name}, or remove the requirement from {lost[0].origin} and run `systemctl"
            " daemon-reload`; then start the agent."
        )
        evidence = [Evidence(one.origin, one.name) for one in lost]
        why = f"systemd does not start the agent: its unit requires {names}"
        return at_next_start(state, why, *evidence, fix=repair)
    failed = system.current.get(FAILED) if system is not None else None
    if system is not None and failed and (running(state) is False or not state.live and _silent_since(system, failed)):
        return fail("systemd did not start the agent: a unit that it requires failed", message(failed, failed.origin))
    return ok(*[Evidence(one.origin, one.name) for one in required])


def _silent_since(system: Facts, line: Facts) -> bool:
    """Whether the agent wrote nothing after a line of the system's log, by what is on its disk."""
    silent, age = system.get("silent_s"), line.get("age_s")
    return silent is not None and age is not None and age < silent
