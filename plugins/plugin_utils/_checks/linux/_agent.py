# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several checks of the Linux agent ask of a guest state."""

from __future__ import annotations

from ..._engine._model import ByHand, Evidence, Fix, Verdict, fail, warn
from ..._engine._state import Facts, MissingFact
from ..._facts._types import LinuxState
from .._versions import version

FRESH_STATUS_S = 10 * 60
"""The agent writes its status every few seconds, every five minutes with extensions off."""

SETTLED_S = 120
"""A daemon this old has started its handler, or never will by itself."""

REPEAT_S = 7 * 3600
"""Agents repeat an error that goes on every six hours at the latest."""

RESTART = (
    "run `systemctl restart walinuxagent` on Ubuntu and Debian, `systemctl restart waagent` on other distributions"
)


def running(state: LinuxState) -> bool | None:
    """Whether the daemon runs; None where that cannot be known (a tree, processes hidden from this user)."""
    try:
        return state.agent.daemon is not None
    except MissingFact:
        active = (state.agent.get("unit") or {}).get("active")
        return None if active is None else active == "active"


def at_next_start(
    state: LinuxState, why: str, *evidence: Evidence, key: str | None = None, fix: Fix | ByHand | None = None
) -> Verdict:
    """The verdict on what keeps the agent from starting: one that runs already works until it is restarted."""
    if running(state):
        return warn(f"{why}; the running agent will not start again after a restart", *evidence, key=key, fix=fix)
    return fail(why, *evidence, key=key, fix=fix)


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


def status_is_fresh(state: LinuxState) -> bool:
    status = state.agent.get("status")
    return bool(status) and status.age_s <= FRESH_STATUS_S


def has_reported(state: LinuxState) -> bool:
    """The daemon has reported since it started: what would keep it from that is not in force."""
    daemon, status = (state.agent.get(name) for name in ("daemon", "status"))
    return bool(daemon and status) and daemon.age_s is not None and status.age_s < daemon.age_s


def key_error(state: LinuxState) -> Evidence | None:
    """What openssl says of the agent's own key, where it works with another one."""
    openssl = state.agent.get("openssl", {})
    return openssl.fact("key_error") if openssl.get("key_error") else None


def agent_version(state: LinuxState) -> tuple[int, ...] | None:
    """The version that runs, or would run with the next start; None when nothing says it."""
    stated = state.agent.get("version")
    return version(stated.value) if stated and stated.value else None


UNIT_FAILED = "agent_unit_failed"
LAST_WORDS = ("agent_unit_left_out", "agent_unit_ended", UNIT_FAILED, "agent_unit_stopped", "rescue_mode")


def last_words(system: Facts) -> list[Evidence]:
    """What the system's logs say of the agent's end."""
    crash = system.get("crash")
    found = [Evidence(f"{crash.origin}: last traceback of the agent", crash.text)] if crash and not crash.over else []
    said = (system.current.get(name) for name in LAST_WORDS)
    return [*found, *(message(entry, entry.origin) for entry in said if entry)]
