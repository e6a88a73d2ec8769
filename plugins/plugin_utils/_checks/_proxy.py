# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks of proxies share: the environment of the agent, the proxy that is wanted, what needs storage."""

from __future__ import annotations

from .._engine._model import WINDOWS, Evidence
from .._engine._state import Facts, GuestState, MissingFact
from .._engine._want import Proxy
from .._windows import network
from . import _snapshot
from ._network import host_plugin_reached

GUEST_FIRST = ("onlyGuest", "firstGuestThenHost")
NETWORK_CODES = (15, 76, 761)


def agent_environment(state: GuestState) -> Facts | None:
    """The proxy variables of the running agent, else those that its unit would give it; None where neither is known."""
    return state.proxy.get("process") or state.proxy.get("service")


def by_name(environment: Facts | None) -> dict[str, Facts]:
    """Variables by name; the last one of a name counts."""
    return {item.name: item for item in environment.variables} if environment else {}


def shown(variables) -> list[Evidence]:
    return [Evidence(item.origin, f"{item.name}={item.value}") for item in variables]


def differs(want: Proxy | bool | None, path: Facts) -> str | None:
    """How the agent's path differs from the proxy that is wanted; None when it does not, or nothing is wanted."""
    if want is None:
        return None
    if not want:
        return f"No proxy is expected, and the agent uses {path.proxy}" if path.via == "proxy" else None
    if path.via != "proxy":
        return f"The agent does not use the expected proxy {want}"
    return None if path.proxy.lower() == str(want).lower() else f"The agent uses {path.proxy}, not the expected {want}"


def storage_needed(state: GuestState) -> str | None:
    """Why the next backup needs Azure Storage from inside the guest; None when it does not, or nobody knows."""
    if host_plugin_reached(state) is False:
        return "the host plugin, which could replace it, is not reached"
    if state["platform"] == WINDOWS:
        return network.storage_needed(state)
    if not state.get("extension"):
        return None
    try:
        method = _snapshot.option(state, "SnapshotMethod")
        if method in GUEST_FIRST:
            return f"vmbackup.conf has the guest take the snapshot ({method})"
        if _snapshot.ended_with(state, *NETWORK_CODES):
            return "the last backup failed because of the network"
    except MissingFact:
        pass
    return None
