# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The section ``network`` of a machine's state: rules and routes as they are written, not as they are in force."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Mapping

from .. import _ports
from ._estate import INTERFACE, Estate, parts
from ._machine import READ_INTERFACES, addresses
from ._values import choice, key, text

_EVERYONE = ("*", "any", "virtualnetwork")
_SOURCE_PORT = 50000
"""A port that Linux and Windows connect from."""
_NETWORKS = "/providers/Microsoft.Network/"


class _Unseen(Exception):
    """A resource of the network that is not among the rows."""


def read(row: Mapping, estate: Estate, state: dict) -> None:
    """Puts the section into the state."""
    interfaces = parts(row, INTERFACE)
    if len(interfaces) != len(row["facts"].get("interfaces") or ()):
        state["missing"]["network"] = estate.unseen(READ_INTERFACES, row["id"])
        return
    try:
        state["network"] = {"interfaces": [_interface(one, estate) for one in interfaces]}
    except _Unseen as unseen:
        path = str(unseen)
        kind = path.partition(_NETWORKS)[2].partition("/")[0]
        state["missing"]["network"] = estate.unseen(f"Microsoft.Network/{kind}/read", path)


def _interface(interface: Mapping, estate: Estate) -> dict:
    configurations = [one.get("properties") or {} for one in interface["facts"].get("configurations") or ()]
    subnets = {key(id_): id_ for one in configurations if (id_ := (one.get("subnet") or {}).get("id"))}
    models = [_subnet(id_, estate) for id_ in subnets.values()]
    groups = [interface["facts"].get("securityGroup")]
    groups += [(one.get("networkSecurityGroup") or {}).get("id") for one in models]
    tables = [(one.get("routeTable") or {}).get("id") for one in models]
    found = {key(id_): _seen(id_, estate) for id_ in groups if id_}
    return {
        "id": interface["id"],
        "addresses": addresses(interface),
        "subnet": next(iter(subnets.values()), None),
        "security_groups": [group["id"] for group in found.values()],
        "denies": _rules(found.values(), "Deny", interface),
        "allows": _rules(found.values(), "Allow", interface),
        "routes": [route for id_ in tables if id_ for route in _routes(_seen(id_, estate))]
        + [route for id_, model in zip(subnets.values(), models, strict=True) for route in _endpoints(id_, model)],
        "read_from": interface["id"],
    }


def _seen(id_: str, estate: Estate) -> Mapping:
    row = estate.shared.get(key(id_))
    if row is None:
        raise _Unseen(id_)
    return row


def _subnet(id_: str, estate: Estate) -> Mapping:
    network = id_[: id_.lower().rindex("/subnets/")] if "/subnets/" in id_.lower() else id_
    subnets = _seen(network, estate)["facts"].get("subnets") or ()
    found = next((one for one in subnets if key(one.get("id")) == key(id_)), None)
    if found is None:
        raise _Unseen(network)
    return found.get("properties") or {}


def _rules(groups: Iterable[Mapping], access: str, interface: Mapping) -> list[dict]:
    """The outbound rules whose source is the interface."""
    own, members = addresses(interface), _memberships(interface)
    rules = [
        {
            "group": group["id"],
            "name": rule.get("name") or "",
            "priority": given.get("priority") or 0,
            "protocol": given.get("protocol") or "*",
            "destinations": _either(given, "destinationAddressPrefix", "destinationAddressPrefixes")
            + [one["id"] for one in given.get("destinationApplicationSecurityGroups") or ()],
            "ports": _either(given, "destinationPortRange", "destinationPortRanges"),
        }
        for group in groups
        for rule in group["facts"].get("rules") or ()
        if ((given := rule.get("properties") or {}).get("direction") or "").lower() == "outbound"
        and (given.get("access") or "").lower() == access.lower()
        and _from(given, own, members)
        and any(_ports.holds(one, _SOURCE_PORT) for one in _either(given, "sourcePortRange", "sourcePortRanges") or "*")
    ]
    return sorted(rules, key=lambda rule: rule["priority"])


def _memberships(interface: Mapping) -> set[str]:
    """The application security groups that the interface is in."""
    configurations = [one.get("properties") or {} for one in interface["facts"].get("configurations") or ()]
    return {key(one.get("id")) for given in configurations for one in given.get("applicationSecurityGroups") or ()}


def _from(rule: Mapping, own: Collection[str], members: Collection[str]) -> bool:
    """The rule is about traffic of a machine with these addresses, in these application security groups."""
    groups = rule.get("sourceApplicationSecurityGroups") or ()
    places = _either(rule, "sourceAddressPrefix", "sourceAddressPrefixes")
    return (
        not (groups or places)
        or any(key(one.get("id")) in members for one in groups)
        or any(place.lower() in _EVERYONE or _holds(place, own) for place in places)
    )


def _holds(place: str, own: Iterable[str]) -> bool:
    """One of the addresses lies in the network. What is no network is a service tag, which has public addresses."""
    try:
        network = ipaddress.ip_network(place, strict=False)
    except ValueError:
        return False
    return any(ipaddress.ip_address(one) in network for one in own)


def _either(given: Mapping, one: str, many: str) -> list[str]:
    return list(given.get(many) or ()) + ([given[one]] if given.get(one) else [])


def _routes(table: Mapping) -> list[dict]:
    return [
        {
            "table": table["id"],
            "name": route.get("name") or "",
            "prefix": given.get("addressPrefix") or "",
            "hop": choice(given.get("nextHopType")) or "",
            "address": text(given.get("nextHopIpAddress")),
        }
        for route in table["facts"].get("routes") or ()
        for given in (route.get("properties") or {},)
    ]


def _endpoints(subnet: str, model: Mapping) -> list[dict]:
    """Routes that service endpoints of the subnet add: to the addresses of a service, whose tag has its last name."""
    services = [one.get("service") or "" for one in model.get("serviceEndpoints") or ()]
    return [
        {
            "table": subnet,
            "name": service,
            "prefix": service.split(".")[1],
            "hop": "VirtualNetworkServiceEndpoint",
            "address": None,
        }
        for service in services
        if "." in service
    ]
