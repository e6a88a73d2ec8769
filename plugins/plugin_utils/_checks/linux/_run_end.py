# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the last command of the snapshot extension ended, where it left no status of its own."""

from __future__ import annotations

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from ._agent_log import message

CLOCKS_S = 40 * 60
"""What the ends of two logs of a disk may be apart: the agent writes every half an hour."""


def answer_lost(state: LinuxState, sequence: int) -> bool:
    """An update left the statuses of the version before behind: the log has the result, or that version is there."""
    last, run = state.extension.get("last_sequence"), state.extension.get("last_run")
    if state.extension.status is not None or last is None or last < sequence:
        return False
    return len(state.extension.get("versions") or ()) > 1 or (run is not None and run.get("code") is not None)


def crash_of_run(state: LinuxState, settings: Facts) -> list[Evidence]:
    """The exception that ended its last run, by its own log or by what the system noted since the command."""
    run = state.extension.get("last_run")
    found = [Evidence(f"{run.origin}: last error", run.crash)] if run is not None and run.crash else []
    system = state.agent.get("system_log") if "agent" in state else None
    entry = system.current.get("extension_crashed") if system is not None else None
    if entry and entry.age_s is not None:
        since = settings.get("age_s") or settings.enabled_age_s
        if since is not None and entry.age_s <= since + CLOCKS_S:
            found.append(message(entry, entry.origin))
    return found


def reasons_of_end(state: LinuxState) -> list[Evidence]:
    """What its logs, and the agent's, say of its end."""
    found = []
    for name, fact in (("last_run", "crash"), ("command", "detail"), ("agent_log", "detail")):
        said = state.extension.get(name)
        if said is not None and said.get(fact):
            found.append(Evidence(f"{said.origin}: last error", said[fact]))
    word, launch = state.extension.get("agent_log"), state.extension.get("launch")
    if word is not None and word.get("no_status"):
        found.append(Evidence(f"{word.origin}: the agent's word", "no status was reported"))
    if word is not None and word.get("exit_status"):
        found.append(word.fact("exit_status"))
    if launch is not None and launch.returned:
        found.append(launch.fact("returned"))
    return found
