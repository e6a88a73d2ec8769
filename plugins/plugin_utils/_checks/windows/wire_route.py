# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets to the Azure host leave by the primary adapter.

Azure answers on 168.63.129.16 only what comes from the primary address of the NIC, so the address needs no route of
its own: the default route of the primary adapter leads there. A missing default route, or a persistent route to
another gateway, cuts the agent off. Where the Azure host answers, the route is right.
"""

from __future__ import annotations

import ipaddress

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._fabric import wire_address
from .._pages import FABRIC_ADDRESS
from ._pages import TROUBLESHOOT_AGENT_WINDOWS, command

CHECK = Check(
    title="Packets to the Azure host leave by the primary adapter",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    explained_by=("dhcp_enabled",),
    advice=(
        "Run 'ipconfig /renew' by the VM's serial console and check with 'route print -4' that the primary adapter has "
        "a default route (0.0.0.0) to the first address of its subnet."
    ),
    sources=(FABRIC_ADDRESS, TROUBLESHOOT_AGENT_WINDOWS, command("route", "route_ws2008")),
)


def judge(state: WindowsState) -> Verdict:
    """Whether Windows has a way to the Azure host, and whether nothing sends it elsewhere."""
    way, wire = state.fabric.route, state.fabric.wire_http
    if wire.connected:
        return ok(way.fact("source"))
    address = wire_address(state)
    if way.error:
        return fail(f"Windows has no route to {address}: {way.error}", way.fact("error"))
    own = [entry for entry in state.fabric.get("persistent_routes") or [] if _leads(entry, address)]
    gateways = [gateway for adapter in state.dhcp.interfaces if adapter.up for gateway in adapter.gateways]
    wrong = [entry for entry in own if entry.split(",")[2:3] and entry.split(",")[2] not in gateways]
    if wrong:
        return fail(
            f"A persistent route sends {address} to a gateway that no adapter has: {wrong[0].split(',')[2]}",
            Evidence("PersistentRoutes", wrong),
            Evidence("gateways", gateways),
            key=f"A persistent route sends {address} to a gateway that no adapter has",
            fix=by_hand(f"Run 'route delete {wrong[0].split(',')[0]}'."),
        )
    return _elsewhere(state, way, address) or ok(way.fact("source"))


def _leads(entry: str, address: str) -> bool:
    """Whether a persistent route is for this address, alone or with its net; the default route is for every one."""
    try:
        net = ipaddress.IPv4Network("/".join(entry.split(",")[:2]), strict=False)
    except ValueError:
        return False
    return net.prefixlen > 0 and ipaddress.IPv4Address(address) in net


def _elsewhere(state: WindowsState, way: Facts, address: str) -> Verdict | None:
    """The verdict where another adapter than the primary one takes the packets, as the tunnel of a VPN does."""
    primary = state.dhcp.primary
    if primary is None or not way.source or way.source in primary.addresses:
        return None
    return fail(
        f"Packets to {address} leave from {way.source}, which is no address of the primary adapter {primary.interface}",
        way.fact("source"),
        primary.fact("addresses"),
        key=f"Packets to {address} leave by another adapter than the primary one",
        fix=by_hand(f"Exclude {address} from what the other adapter routes; a VPN client has a list for that."),
    )
