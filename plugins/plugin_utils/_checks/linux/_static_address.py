# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A primary interface with a static address: what that does, and how it becomes one with DHCP alone."""

from __future__ import annotations

from ..._engine._model import ByHand, Evidence, Fix, Verdict, by_hand, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._fabric import by_log, instance, reached
from ._conf import setting

KEEP_FURTHER = (
    "Let the interface take its primary address by DHCP. Keep the other static addresses in the guest if they are"
    " secondary IP configurations of the network interface in Azure, and remove them otherwise."
)
REMOVE = "Remove the primary address from the interface's static addresses: DHCP is on already."


def to_dhcp(state: LinuxState) -> Fix | ByHand:
    """The remedy where it is clear which address goes: the only one."""
    primary = state.dhcp.primary
    if primary.method == "dhcp":
        return by_hand(REMOVE)
    return by_hand(KEEP_FURTHER) if len(set(primary.static_addresses)) > 1 else Fix("guest_dhcp")


def static_address(state: LinuxState, primary: Facts) -> Verdict:
    """The verdict on it: a fault where the agent needs DHCP, because the wire server does not answer."""
    there, addresses = reached(state), ", ".join(primary.static_addresses)
    unanswered = by_log(state, "wire_no_route", "wire_unanswered")
    evidence = [Evidence(f"{primary.origin}: {primary.interface}", addresses or "static")]
    if there and _several_addresses(state):
        return ok(*evidence, why="A machine with several addresses is configured statically; the wire server answers")
    trouble = warn
    if there:
        effect = "the wire server answers nevertheless"
    elif _known_endpoint(state):
        evidence.append(setting(state, "Protocol.EndpointDiscovery"))
        effect = "the agent does not need DHCP to find the wire server"
    elif unanswered:
        trouble, effect = fail, "the wire server did not answer the agent"
        evidence.append(unanswered)
    elif there is None:
        effect = "whether the wire server answers is not known"
    else:
        trouble, effect = fail, "the wire server does not answer"
    shown = f" ({addresses})" if addresses else ""
    return trouble(
        f"The primary interface {primary.interface} has a static address{shown}; {effect}",
        *evidence,
        key=f"The primary interface has a static address; {effect}",
        fix=to_dhcp(state),
    )


def _several_addresses(state: LinuxState) -> bool:
    """Azure itself gave the interface further addresses: DHCP hands out the first only."""
    machine = instance(state)
    return bool(machine and machine.further_addresses)


def _known_endpoint(state: LinuxState) -> bool:
    conf = state.get("conf")
    return bool(conf and conf.get("settings")) and conf.settings["Protocol.EndpointDiscovery"].value != "dhcp"
