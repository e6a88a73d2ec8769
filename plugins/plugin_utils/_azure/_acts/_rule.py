# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One rule of a network security group; the other rules are never sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api_versions import NETWORK
from .._error import AzureError
from .._values import last
from ._kind import Kind, Refused, Seen

LOWEST, HIGHEST = 100, 4096
"""Priorities that a rule may have."""

_PLURAL = {
    "source": ("sourceAddressPrefix", "sourceAddressPrefixes"),
    "source_ports": ("sourcePortRange", "sourcePortRanges"),
    "destination": ("destinationAddressPrefix", "destinationAddressPrefixes"),
    "destination_ports": ("destinationPortRange", "destinationPortRanges"),
}
_SINGLE = ("description", "direction", "access", "protocol", "priority")


class Rule(Kind):
    name, noun = "nsg_rule", "rule"

    def read(self, id_: str) -> Seen:
        """The rule; ``document`` is its whole group."""
        group = self.client.get(group_of(id_), NETWORK)
        rules = group["properties"].get("securityRules") or []
        mine = next((rule for rule in rules if rule["name"].lower() == last(id_).lower()), None)
        if mine is None:
            return Seen(None, document=group)
        properties = mine["properties"]
        busy = properties.get("provisioningState") in ("Updating", "Deleting")
        return Seen(_value(properties), mine.get("etag"), busy, group)

    def same(self, one: Any, other: Any) -> bool:
        return _plain(one) == _plain(other)

    def write(self, id_: str, value: Any, seen: Seen) -> None:
        if value is None:
            self.send("DELETE", id_, NETWORK, f"Remove rule '{last(id_)}'", etag=seen.etag)
        else:
            self.send("PUT", id_, NETWORK, f"Write rule '{last(id_)}'", {"properties": _properties(value)}, seen.etag)


def group_of(rule_id: str) -> str:
    """The id of the group of a rule."""
    return rule_id.rstrip("/").rsplit("/", 2)[0]


def _value(properties: Mapping) -> dict:
    """The rule in the words of the module: every address and port in a list, in order."""
    value: dict[str, Any] = {name: properties.get(name) for name in _SINGLE}
    value["description"] = value["description"] or ""
    # The portal writes TCP, the API Tcp.
    value.update({name: value[name].capitalize() for name in ("protocol", "direction", "access")})
    for name, (one, many) in _PLURAL.items():
        value[name] = sorted({*(properties.get(many) or ()), *filter(None, [properties.get(one)])})
    value["groups"] = {
        name: sorted(group["id"] for group in properties[name])
        for name in ("sourceApplicationSecurityGroups", "destinationApplicationSecurityGroups")
        if properties.get(name)
    }
    return value


def _plain(value: Mapping | None) -> Mapping | None:
    """The rule with its places in lower case: Azure writes tags as it lists them, and ids in several cases."""
    if value is None:
        return None
    places = {name: sorted(place.lower() for place in value[name]) for name in _PLURAL}
    groups = {name: sorted(id_.lower() for id_ in ids) for name, ids in (value.get("groups") or {}).items()}
    return {**value, **places, "groups": groups}


def _properties(value: Mapping) -> dict:
    """The properties that Azure takes for a rule."""
    properties: dict[str, Any] = {name: value[name] for name in _SINGLE}
    for name, (one, many) in _PLURAL.items():
        given = value[name]
        if len(given) == 1:
            properties[one] = given[0]
        elif given:
            properties[many] = given
    groups = value.get("groups") or {}
    return {**properties, **{name: [{"id": id_} for id_ in ids] for name, ids in groups.items()}}


def free_priority(group: Mapping, direction: str, access: str, first: int) -> int:
    """The lowest priority from ``first`` on that no rule of the direction has.

    A rule that allows must come before those that deny. Raises AzureError where there is none.
    """
    rules = [rule["properties"] for rule in group["properties"].get("securityRules") or []]
    same = [rule for rule in rules if rule["direction"].lower() == direction.lower()]
    denying = [rule["priority"] for rule in same if rule["access"].lower() == "deny"]
    end = min(denying, default=HIGHEST + 1) if access.lower() == "allow" else HIGHEST + 1
    taken = {rule["priority"] for rule in same}
    for priority in (*range(first, end), *range(min(first, end) - 1, LOWEST - 1, -1)):
        if priority not in taken:
            return priority
    raise AzureError(f"Cannot find a priority in '{group['name']}': none is free before {end:,} ({direction})")


def refuse_taken(group: Mapping, name: str, direction: str, priority: int) -> None:
    """Raises Refused for a priority that Azure does not take: one of another rule, or none at all."""
    if not LOWEST <= priority <= HIGHEST:
        raise Refused(f"Cannot write rule '{name}': its priority {priority} is not from {LOWEST} to {HIGHEST:,}")
    for rule in group["properties"].get("securityRules") or []:
        given = rule["properties"]
        same = (given["direction"].lower(), given["priority"]) == (direction.lower(), priority)
        if same and rule["name"].lower() != name.lower():
            raise Refused(
                f"Cannot write rule '{name}': rule '{rule['name']}' has its priority {priority} ({direction})"
            )
