# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd can do what the agent's unit says.

A drop-in may name a working directory, a user or a file for the output that does not exist, or a command before the
agent that fails; a unit of the same name in /etc may start something else. The agent is then never executed, and
starting it again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, not_applicable, ok
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from ._agent import BEFORE_START, at_next_start, running
from ._agent_log import last_words, message
from ._exit_statuses import BY_EXIT_STATUS
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
CONTROL_FAILED = "agent_unit_control_failed"


def judge(state: LinuxState) -> Verdict:
    unit = state.agent.unit
    if unit is None or unit.kind != "systemd":
        return not_applicable("The agent is not started by systemd")
    if unit.get("load") in REFUSED:
        verify = by_hand(
            f"Correct what `systemd-analyze verify {unit.name}` names, run `systemctl daemon-reload`, then start the"
            " agent."
        )
        return at_next_start(state, "systemd refuses the agent's unit", unit.fact("load"), fix=verify)
    before = [Evidence(f"{entry.origin}: {entry.name}", entry.value) for entry in unit.get("before", [])]
    if running(state):
        return ok(unit.fact("active"), *before)
    command = unit.exec or []
    found = Evidence(f"{unit.origin}: ExecStart", " ".join(command))
    if any(word.endswith("/waagent") for word in command):
        if not any(DAEMON.match(word) for word in command):
            why = "The agent's unit starts waagent without -daemon, and no daemon of the agent runs"
            return _fail(unit, "ExecStart", why, found)
    elif command and unit.active == "active":
        why = f"The agent's unit starts {command[0]}, and no daemon of the agent runs"
        return _fail(unit, "ExecStart", why, found, key="The agent's unit starts something else")
    return _at_start(state, unit, before)


def _at_start(state: LinuxState, unit: Facts, before: Sequence[Evidence]) -> Verdict:
    """What systemd says of the last start, where it did not end well."""
    if unit.active == "activating" and unit.get("sub") in BEFORE_START:
        why = "systemd has not started the agent: a command of its unit that runs before it has not ended"
        return _fail(unit, "ExecStartPre", why, unit.fact("sub"), *before)
    if unit.get("result") == "exec-condition":
        why = "systemd skips the start of the agent, because a command of its unit says so"
        return _fail(unit, "ExecCondition", why, unit.fact("result"), *before)
    status = unit.get("exit_status")
    setting = BY_EXIT_STATUS.get(status)
    if unit.active not in ("failed", "activating"):
        return ok(unit.fact("active"))
    if setting:
        why = f"systemd cannot start the agent with {setting} of its unit (exit status {status})"
        return _fail(unit, setting, why, unit.fact("exit_status"))
    # The end of a service that ran too long has the same name.
    if unit.result == "timeout" and not any(entry.name == "RuntimeMaxSec" for entry in unit.get("confinement", [])):
        why = "systemd ended the start of the agent, because the unit waits for a word that the agent never gives"
        return _fail(unit, "Type, PIDFile or TimeoutStartSec", why, unit.fact("result"), key="The start timed out")
    system = state.agent.get("system_log")
    if unit.result == "resources":
        why = "systemd cannot prepare what the agent's unit asks for, before it starts the agent"
        said = last_words(system) if system is not None else []
        return _fail(unit, "EnvironmentFile, or what the journal names,", why, unit.fact("result"), *said)
    control = system.current.get(CONTROL_FAILED) if system is not None else None
    if control:
        why = "systemd does not start the agent: a command of its unit that runs before it failed"
        return _fail(unit, "ExecStartPre", why, *before, message(control, control.origin))
    return ok(unit.fact("active"))


def _fail(unit: Facts, setting: str, why: str, *evidence: Evidence, key: str | None = None) -> Verdict:
    advice = (
        f"Correct {setting} (`systemctl cat {unit.name}` shows where it is set), run `systemctl daemon-reload` and"
        f" `systemctl start {unit.name}`."
    )
    return fail(why, *evidence, key=key, fix=by_hand(advice))
