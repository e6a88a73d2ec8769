# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd can do what the agent's unit says.

A drop-in may name a working directory, a user or a file for the output that does not exist, or a command before the
agent that fails, or it may empty the list of commands and add none; a unit of the same name in /etc may start something
else. The agent is then never executed, and starting it again changes nothing.
"""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, ok
from ..._facts._types import LinuxState
from ._agent import NO_SYSTEMD, at_next_start, running, systemd_unit
from ._last_start import last_start_failed, unit_fails
from ._pages import SYSTEMD_EXEC, SYSTEMD_SERVICE

CHECK = Check(
    title="systemd can start the agent as its unit says",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.unit",),
    explained_by=("agent_unit", "agent_unit_conditions", "agent_confinement", "python_usable", "agent_installed"),
    explains=("agent_service_running",),
    keeps_agent_down=True,
    sources=(SYSTEMD_EXEC, SYSTEMD_SERVICE),
    advice="Correct the setting (`systemctl cat` with the name of the unit shows where it is set), run `systemctl"
    " daemon-reload` and start the agent.",
)

REFUSED = ("bad-setting", "error")
DAEMON = re.compile(r"[-/]*daemon", re.IGNORECASE)
"""The word of waagent's command line that starts the daemon."""


def judge(state: LinuxState) -> Verdict:
    unit = systemd_unit(state)
    if unit is None:
        return NO_SYSTEMD
    if unit.get("load") in REFUSED:
        verify = by_hand(
            f"Correct what `systemd-analyze verify {unit.name}` names, run `systemctl daemon-reload`, then start the"
            " agent."
        )
        return at_next_start(state, "systemd refuses the agent's unit", unit.fact("load"), fix=verify)
    if not unit.exec and unit.get("fragment"):
        place = Evidence(f"{unit.origin}: ExecStart", "absent")
        return at_next_start(state, "The agent's unit has no command to start", place)
    before = [Evidence(f"{entry.origin}: {entry.name}", entry.value) for entry in unit.get("before", [])]
    if running(state):
        return ok(unit.fact("active"), *before)
    command = unit.exec or []
    found = Evidence(f"{unit.origin}: ExecStart", " ".join(command))
    if any(word.endswith("/waagent") for word in command):
        if not any(DAEMON.match(word) for word in command):
            why = "The agent's unit starts waagent without -daemon, and no daemon of the agent runs"
            return unit_fails(unit, "ExecStart", why, found)
    elif command and unit.active == "active":
        why = f"The agent's unit starts {command[0]}, and no daemon of the agent runs"
        return unit_fails(unit, "ExecStart", why, found, key="The agent's unit starts something else")
    return last_start_failed(state, unit, before) or ok(unit.fact("active"))
