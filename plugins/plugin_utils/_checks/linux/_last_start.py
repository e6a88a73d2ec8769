# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What systemd says of its last start of the agent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..._engine._model import Evidence, Verdict, by_hand, fail
from ..._facts._types import LinuxState
from ._agent import BEFORE_START
from ._agent_log import last_words, message

if TYPE_CHECKING:
    from ..._facts._types import AgentUnit

_CONTROL_FAILED = "agent_unit_control_failed"
_SETTINGS = {
    200: "WorkingDirectory",
    203: "ExecStart",
    208: "StandardInput",
    209: "StandardOutput",
    210: "RootDirectory",
    216: "Group",
    217: "User",
    218: "CapabilityBoundingSet",
    224: "PAMName",
    225: "PrivateNetwork",
    226: "ReadOnlyPaths or another setting for files",
    228: "SystemCallFilter",
    229: "SELinuxContext",
    231: "AppArmorProfile",
    232: "RestrictAddressFamilies",
    233: "RuntimeDirectory",
    238: "StateDirectory",
    240: "LogsDirectory",
    243: "LoadCredential",
}
"""Which setting systemd could not apply, by the exit status of a process that has not run its command yet."""


def last_start_failed(state: LinuxState, unit: AgentUnit, before: Sequence[Evidence]) -> Verdict | None:
    """The verdict where systemd says that its unit kept the agent from starting. ``before``: commands of the unit that
    run before the agent."""
    if unit.active == "activating" and unit.get("sub") in BEFORE_START:
        why = "systemd has not started the agent: a command of its unit that runs before it has not ended"
        return unit_fails(unit, "ExecStartPre", why, unit.fact("sub"), *before)
    if unit.get("result") == "exec-condition":
        why = "systemd skips the start of the agent, because a command of its unit says so"
        return unit_fails(unit, "ExecCondition", why, unit.fact("result"), *before)
    if unit.active not in ("failed", "activating"):
        return None
    status = unit.get("exit_status")
    setting = _SETTINGS.get(status)
    if setting:
        why = f"systemd cannot start the agent with {setting} of its unit (exit status {status})"
        return unit_fails(unit, setting, why, unit.fact("exit_status"))
    # The end of a service that ran too long has the same name.
    if unit.result == "timeout" and not any(entry.name == "RuntimeMaxSec" for entry in unit.get("confinement", [])):
        why = "systemd ended the start of the agent, because the unit waits for a word that the agent never gives"
        return unit_fails(unit, "Type, PIDFile or TimeoutStartSec", why, unit.fact("result"), key="The start timed out")
    system = state.agent.get("system_log")
    if unit.result == "resources":
        why = "systemd cannot prepare what the agent's unit asks for, before it starts the agent"
        said = last_words(system) if system is not None else []
        return unit_fails(unit, "EnvironmentFile, or what the journal names,", why, unit.fact("result"), *said)
    control = system.current.get(_CONTROL_FAILED) if system is not None else None
    if control:
        why = "systemd does not start the agent: a command of its unit that runs before it failed"
        return unit_fails(unit, "ExecStartPre", why, *before, message(control, control.origin))
    return None


def unit_fails(unit: AgentUnit, setting: str, why: str, *evidence: Evidence, key: str | None = None) -> Verdict:
    """The verdict on a setting of the unit with which systemd does not start the agent."""
    advice = (
        f"Correct {setting} (`systemctl cat {unit.name}` shows where it is set), run `systemctl daemon-reload` and"
        f" `systemctl start {unit.name}`."
    )
    return fail(why, *evidence, key=key, fix=by_hand(advice))
