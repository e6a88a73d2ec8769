# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several checks of the Linux agent ask of its daemon, its status and its version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._engine._model import ByHand, Evidence, Fix, Verdict, fail, not_applicable, warn
from ..._engine._state import MissingFact
from ..._facts._types import LinuxState
from .._versions import version

if TYPE_CHECKING:
    from ..._facts._types import AgentUnit

FRESH_STATUS_S = 10 * 60
"""The agent writes its status every few seconds, every five minutes with extensions off."""

SETTLED_S = 120
"""A daemon this old has started its handler, or never will by itself."""

BEFORE_START = ("condition", "start-pre")
"""States of a unit in which systemd runs commands before that of the service."""


NO_SYSTEMD = not_applicable("The agent is not started by systemd")


def systemd_unit(state: LinuxState) -> AgentUnit | None:
    """The agent's unit, where systemd starts it."""
    unit = state.agent.unit
    return unit if unit is not None and unit.kind == "systemd" else None


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


def status_is_fresh(state: LinuxState) -> bool:
    status = state.agent.get("status")
    return bool(status) and status.age_s <= FRESH_STATUS_S


def has_reported(state: LinuxState) -> bool:
    """The daemon has reported since it started: what would keep it from that is not in force.

    Ages are whole seconds: in the second of the start, a report may be the one of the daemon before.
    """
    daemon, status = (state.agent.get(name) for name in ("daemon", "status"))
    return bool(daemon and status) and daemon.age_s is not None and status.age_s < daemon.age_s


def agent_version(state: LinuxState) -> tuple[int, ...] | None:
    """The version that runs, or would run with the next start; None when nothing says it."""
    stated = state.agent.get("version")
    return version(stated.value) if stated and stated.value else None
