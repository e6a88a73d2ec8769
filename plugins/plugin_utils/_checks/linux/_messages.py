# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of a Linux guest: what the extension, the agent and the system's logs say."""

from __future__ import annotations

from collections.abc import Iterator

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._messages import AGENT, Message


def told(state: LinuxState) -> Iterator[Message]:
    """What may name a cause, each with the check that reports it."""
    agent, extension = state.get("agent"), state.get("extension")
    if agent is not None:
        yield from _of_crash(agent.get("system_log"))
    if extension is not None:
        yield from _of_status(extension)
        yield from _of_end(extension)


def _of_crash(system: Facts | None) -> Iterator[Message]:
    """What the system's logs have of the agent's end, where the agent wrote nothing after it."""
    crash = system.get("crash") if system is not None else None
    if crash is not None and not crash.over:
        for symptom in ("agent_service_running", "agent_activity"):
            shown = Evidence(f"{crash.origin}: last traceback of the agent", crash.text)
            yield Message(symptom, crash.text, shown, of=AGENT)


def _of_status(extension: Facts) -> Iterator[Message]:
    """The extension's own word on its last run."""
    status, run = extension.get("status"), extension.get("last_run")
    if status is not None and status.get("message"):
        yield Message("ext_status", status.message, status.fact("message"), status.get("code"))
    for line in run.get("errors") or () if run is not None else ():
        yield Message("ext_status", line, Evidence(run.origin, line))


def _of_end(extension: Facts) -> Iterator[Message]:
    """What the agent says of the extension, and the logs of why it ended."""
    installed, agent_log = extension.get("installed"), extension.get("agent_log")
    status = installed.get("status") if installed is not None else None
    for symptom, said, name in (
        ("handler_state", status, "message"),
        ("handler_installed", status, "message"),
        ("handler_state", agent_log, "detail"),
        ("handler_installed", agent_log, "detail"),
        ("ext_result", agent_log, "detail"),
        ("ext_result", extension.get("command"), "detail"),
        ("ext_result", extension.get("last_run"), "crash"),
    ):
        if said is not None and said.get(name):
            yield Message(symptom, said[name], said.fact(name))
