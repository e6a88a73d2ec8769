# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether rules and routes in Azure keep a virtual machine from Azure Storage."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ... import _ports
from ..._engine._model import Evidence
from ..._facts._types import AzureState
from ._place import region

if TYPE_CHECKING:
    from ..._facts._types import AzureNetworkInterfaces, AzureNetworkInterfacesRoutes

_TAGS = ("storage", "azurecloud")
_ANYWHERE = ("*", "any", "internet", "0.0.0.0/0", *_TAGS)
_ENDPOINT = "VirtualNetworkServiceEndpoint"
_ALL = ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")
"""Prefixes of routes that lead everything, or a half of it."""


def closed(state: AzureState) -> list[Evidence]:
    """What keeps it from Azure Storage, TCP 443: denials of security groups, routes to nowhere."""
    found: list[Evidence] = []
    for interface in state.network.interfaces:
        found += _denials(interface, _of_region(state))
        found += [
            Evidence(f"{route.table}: {route.name}", f"{route.prefix} to {route.hop}")
            for route in _way_out(interface, state)
            if route.hop == "None"
        ]
    return found


def detours(state: AzureState) -> list[Evidence]:
    """Routes to an appliance or a gateway, which may let it pass or not."""
    return [
        Evidence(f"{route.table}: {route.name}", f"{route.prefix} to {route.hop} {route.address or ''}".strip())
        for interface in state.network.interfaces
        for route in _way_out(interface, state)
        if route.hop in ("VirtualAppliance", "VirtualNetworkGateway")
    ]


def _of_region(state: AzureState) -> tuple[str, ...]:
    """Service tags that have the addresses of Azure Storage in the machine's region, the closest first."""
    own = region(state.vm.location)
    return (*(f"{tag}.{own}" for tag in _TAGS), *_TAGS)


def _way_out(interface: AzureNetworkInterfaces, state: AzureState) -> list[AzureNetworkInterfacesRoutes]:
    """The routes by which traffic to Azure Storage leaves: that of a service endpoint, which no other overrides, else
    those of the closest prefix."""
    by_prefix: dict[str, list[AzureNetworkInterfacesRoutes]] = {}
    for one in interface.routes:
        by_prefix.setdefault(one.prefix.lower(), []).append(one)
    tagged = [by_prefix[tag] for tag in _of_region(state) if tag in by_prefix]
    if any(one.hop == _ENDPOINT for routes in tagged for one in routes):
        return []
    return tagged[0] if tagged else [one for one in interface.routes if one.prefix in _ALL]


def _denials(interface: AzureNetworkInterfaces, tags: Collection[str]) -> Iterable[Evidence]:
    """The first rule of each group that speaks of storage, where it denies: all groups have to let it pass."""
    for group in {rule.group for rule in interface.denies}:
        rules = [
            (rule.priority, denied, rule)
            for denied, some in ((True, interface.denies), (False, interface.allows))
            for rule in some
            if rule.group == group and _speaks(rule.protocol, rule.destinations, rule.ports, tags)
        ]
        if rules:
            _priority, denied, rule = min(rules, key=lambda one: one[:2])
            if denied:
                yield Evidence(
                    f"{group}: {rule.name}", f"denies {', '.join(rule.destinations)}, {', '.join(rule.ports)}"
                )


def _speaks(protocol: str, destinations: Iterable[str], ports: Iterable[str], tags: Collection[str]) -> bool:
    places = [place.lower() for place in destinations]
    return (
        protocol.lower() in ("*", "any", "tcp")
        and any(place in _ANYWHERE or place in tags for place in places)
        and any(_ports.holds(one, 443) for one in ports)
    )
