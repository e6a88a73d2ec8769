# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of virtual machines: interfaces, what security groups deny, where routes lead."""

from __future__ import annotations

from collections.abc import Mapping

from ._rows import Rows, at, items, text


def interfaces(rows: Rows) -> dict[str, list[dict]]:
    """Network interfaces by the id of the machine that they belong to."""
    subnets = {
        subnet["id"].lower(): at(subnet, "properties")
        for network in rows.of_type("Microsoft.Network/virtualNetworks")
        for subnet in items(network, "properties", "subnets")
    }
    found: dict[str, list[dict]] = {}
    for row in rows.of_type("Microsoft.Network/networkInterfaces"):
        owner = text(row["properties"], "virtualMachine", "id")
        if owner:
            found.setdefault(owner.lower(), []).append(_interface(row, subnets, rows))
    return found


def _interface(row: Mapping, subnets: Mapping[str, Mapping], rows: Rows) -> dict:
    configured = [at(one, "properties") for one in items(row, "properties", "ipConfigurations")]
    subnet_id = next((found for one in configured if (found := text(one, "subnet", "id"))), None)
    subnet = subnets.get(subnet_id.lower()) if subnet_id else None
    groups = [text(row["properties"], "networkSecurityGroup", "id"), text(subnet, "networkSecurityGroup", "id")]
    named = [group for group in groups if group]
    return {
        "read_from": row["id"],
        "id": row["id"],
        "addresses": [found for one in configured if (found := text(one, "privateIPAddress"))],
        "subnet": subnet_id,
        "security_groups": named,
        "denies": _rules(named, rows, "deny"),
        "allows": _rules(named, rows, "allow"),
        "routes": _routes(text(subnet, "routeTable", "id"), rows),
    }


def _rules(groups: list[str], rows: Rows, access: str) -> list[dict]:
    found = []
    for group in groups:
        for rule in items(rows.find(group), "properties", "securityRules"):
            told = at(rule, "properties")
            if (text(told, "direction") or "").lower() == "outbound" and (text(told, "access") or "").lower() == access:
                found.append(
                    {
                        "read_from": group,
                        "group": group,
                        "name": text(rule, "name") or "",
                        "priority": at(told, "priority") or 0,
                        "protocol": text(told, "protocol") or "*",
                        "destinations": _several(told, "destinationAddressPrefix", "destinationAddressPrefixes"),
                        "ports": _several(told, "destinationPortRange", "destinationPortRanges"),
                    }
                )
    return sorted(found, key=lambda rule: (rule["group"], rule["priority"]))


def _several(rule: Mapping, one: str, many: str) -> list[str]:
    found = at(rule, many) or []
    return [str(value) for value in found] or [text(rule, one) or "*"]


def _routes(table: str | None, rows: Rows) -> list[dict]:
    return [
        {
            "read_from": table,
            "table": table or "",
            "name": text(route, "name") or "",
            "prefix": text(route, "properties", "addressPrefix") or "",
            "hop": text(route, "properties", "nextHopType") or "",
            "address": text(route, "properties", "nextHopIpAddress"),
        }
        for route in items(rows.find(table), "properties", "routes")
    ]
