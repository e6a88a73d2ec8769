# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections ``vm``, ``extensions`` and ``points`` of a machine's state, from its row."""

from __future__ import annotations

from collections.abc import Mapping

from ._estate import EXTENSION, INTERFACE, POINTS, Estate, parts
from ._values import choice, part, text, time, word

READ_POINTS = "Microsoft.Compute/restorePointCollections/read"
READ_INTERFACES = "Microsoft.Network/networkInterfaces/read"
_OF_BACKUP = "azurebackup_"
"""How names of collections begin that Azure Backup makes."""


def read(row: Mapping, estate: Estate, state: dict) -> None:
    """Puts the sections into the state."""
    state["vm"] = _vm(row, state["missing"], estate)
    state["extensions"] = [
        {
            "name": one["name"],
            "type": f"{one['facts'].get('publisher')}.{one['facts'].get('type')}",
            "version": text(one["facts"].get("version")),
            "provisioning_state": choice(one.get("state")),
            "message": None,
            "reported": None,
            "read_from": one["id"],
        }
        for one in parts(row, EXTENSION)
    ]
    collections = [
        {
            "id": one["id"],
            "resource_group": part(one["id"], "resourceGroups"),
            "of_backup": one["name"].lower().startswith(_OF_BACKUP),
            "provisioning_state": choice(one["facts"].get("state")),
            "count": None,
            "oldest": None,
            "read_from": one["id"],
        }
        for one in parts(row, POINTS)
    ]
    if collections or estate.may(READ_POINTS, row["subscriptionId"]):
        state["points"] = {"collections": collections}
    else:
        state["missing"]["points"] = estate.unseen(READ_POINTS, row["id"])


def _vm(row: Mapping, missing: dict[str, str], estate: Estate) -> dict:
    facts, storage = row["facts"], row["facts"].get("storage") or {}
    image, security = storage.get("imageReference") or {}, facts.get("security") or {}
    windows = facts.get("windowsAgent")
    vm = {
        "id": row["id"],
        "name": row["name"],
        "resource_group": part(row["id"], "resourceGroups"),
        "subscription": row["subscriptionId"],
        "location": row["location"],
        "vm_id": text(facts.get("vmId")),
        "size": facts.get("size") or "",
        "created": time(facts.get("created")),
        "provisioning_state": choice(facts.get("state")),
        "power": word(facts.get("power")),
        "os_type": choice((storage.get("osDisk") or {}).get("osType")),
        "computer_name": text(facts.get("computer")),
        "allow_extensions": facts.get("allowExtensions"),
        "provision_agent": facts.get("linuxAgent") if windows is None else windows,
        "security_type": choice(security.get("securityType")),
        "proxy_agent": _proxy_agent(security.get("proxyAgentSettings")),
        "image": {name: text(image.get(name)) for name in ("publisher", "offer", "sku")}
        if image.get("publisher")
        else None,
        "tags": {name: text(value) for name, value in (row.get("tags") or {}).items()},
        "read_from": row["id"],
    }
    interfaces = parts(row, INTERFACE)
    if len(interfaces) == len(facts.get("interfaces") or ()):
        vm["addresses"] = [address for one in interfaces for address in addresses(one)]
    else:
        missing["vm.addresses"] = estate.unseen(READ_INTERFACES, row["id"])
    return vm


def addresses(interface: Mapping) -> list[str]:
    """The private addresses of an interface."""
    found = (
        (one.get("properties") or {}).get("privateIPAddress") for one in interface["facts"].get("configurations") or ()
    )
    return [address for address in found if address]


def _proxy_agent(settings: Mapping | None) -> dict | None:
    if not settings or not settings.get("enabled"):
        return None
    modes = {"wire_server": settings.get("wireServer"), "imds": settings.get("imds")}
    return {name: choice((one or {}).get("mode") or settings.get("mode")) for name, one in modes.items()}
