# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several checks ask of the way to the Azure host."""

from __future__ import annotations

from typing import TypeGuard

from ...module_utils._guest.azure import WIRE_SERVER
from .._engine._model import LINUX, Evidence
from .._engine._state import Facts, GuestState
from .._facts._types import LinuxState
from ._fabric_answers import refuses, troubled
from .linux._agent_log import logged

ONLY_ROOT = "Not proved: the agent's firewall lets only root reach the Azure host, and the probe did not run as root"


def answer(state: GuestState, name: str) -> Facts | None:
    """An answer of section ``fabric``, or None where that was not asked."""
    fabric = state.get("fabric")
    return fabric.get(name) if fabric else None


def instance(state: GuestState) -> Facts | None:
    """What the metadata service says of the machine; None where it does not, or was not asked."""
    imds = answer(state, "imds")
    return imds.get("instance") if imds else None


def by_log(state: GuestState, *names: str) -> Evidence | None:
    """What the agent's log last said of the Azure host, for guests that are not running."""
    if state.live or not _of_linux(state) or "agent" not in state:
        return None
    return next(filter(None, (logged(state, name) for name in names)), None)


def _of_linux(state: GuestState) -> TypeGuard[LinuxState]:
    return state["platform"] == LINUX


def hidden(state: GuestState) -> bool:
    """Whether a refused connection says nothing because the probe had no rights."""
    return state["platform"] == LINUX and not state["privileged"]


def reached(state: GuestState) -> bool | None:
    """Whether the wire server answers; None where that is not known."""
    wire = answer(state, "wire_http")
    if wire is None:
        return None
    if wire.connected and (wire.is_version_list or refuses(wire) or troubled(wire)):
        return True
    return None if hidden(state) else False


def host_plugin_reached(state: GuestState) -> bool | None:
    """Whether the host plugin, the way around proxies and closed networks, takes connections."""
    plugin = answer(state, "host_plugin")
    if plugin is None:
        return None
    return True if plugin.connected else None if hidden(state) else False


def wire_address(state: GuestState) -> str:
    """The wire server's address: that which was probed."""
    wire = answer(state, "wire_http")
    return wire.get("address", WIRE_SERVER) if wire else WIRE_SERVER
