# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the logs say of the Linux agent: its own, and those of the system."""

from __future__ import annotations

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from ._agent import status_is_fresh

REPEAT_S = 7 * 3600
"""Agents repeat an error that goes on every six hours at the latest."""

UNIT_FAILED, UNIT_STOPPED = "agent_unit_failed", "agent_unit_stopped"
UNIT_LEFT_OUT, UNIT_ENDED = "agent_unit_left_out", "agent_unit_ended"
LAST_WORDS = (UNIT_LEFT_OUT, UNIT_ENDED, UNIT_FAILED, UNIT_STOPPED, "rescue_mode")


def logged(state: LinuxState, name: str) -> Evidence | None:
    """The log's last line with this signature, if nothing later in the log ends it and the agent still suffers.

    The lines that belong to it come with it, and the line that says what changed shortly before it began.
    """
    entry, log = _suffered(state, name), state.agent.get("log")
    return None if entry is None or log is None else message(entry, f"{log.origin}: last line of this kind")


def message(entry: Facts, source: str) -> Evidence:
    """A message of a log as evidence."""
    told = [entry.text, entry.get("detail")]
    before = entry.get("set_off")
    return Evidence(source, " | ".join(filter(None, [*told, before and f"shortly before it began: {before}"])))


def logged_text(state: LinuxState, name: str) -> str | None:
    """The text of that line."""
    entry = _suffered(state, name)
    return None if entry is None else entry.text


def _suffered(state: LinuxState, name: str) -> Facts | None:
    """The entry of a signature, unless the agent works by now."""
    entry = _entry(state, name)
    age = entry.get("age_s") if entry is not None else None
    return None if age is not None and age > REPEAT_S and status_is_fresh(state) else entry


def log_count(state: LinuxState, name: str) -> int:
    """How often the log's end holds the signature."""
    entry = _entry(state, name)
    return entry.count if entry else 0


def log_age(state: LinuxState, name: str) -> int | None:
    """Seconds since the log's last line with the signature; None without one."""
    entry = _entry(state, name)
    return entry.get("age_s") if entry else None


def _entry(state: LinuxState, name: str) -> Facts | None:
    log = state.agent.get("log")
    return log.current.get(name) if log else None


def last_words(system: Facts) -> list[Evidence]:
    """What the system's logs say of the agent's end."""
    crash = system.get("crash")
    found = [Evidence(f"{crash.origin}: last traceback of the agent", crash.text)] if crash and not crash.over else []
    said = (system.current.get(name) for name in LAST_WORDS)
    return [*found, *(message(entry, entry.origin) for entry in said if entry)]
