# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the Windows firewall in the form of the registry, ``v2.31|Action=Block|Active=TRUE|Dir=Out|...``."""

from __future__ import annotations

import dataclasses
import ipaddress

TCP = 6
DYNAMIC = (49152, 65535)
"""The first and the last port from which Windows makes connections."""
_PROFILES = {"Domain": "DomainProfile", "Private": "StandardProfile", "Public": "PublicProfile"}


@dataclasses.dataclass(frozen=True)
class Rule:
    """An enabled outbound rule. An empty tuple is no restriction."""

    name: str
    blocks: bool
    protocol: int | None
    addresses: tuple[str, ...]
    ports: tuple[str, ...]
    own_ports: tuple[str, ...]
    profiles: tuple[str, ...]
    adapters: tuple[str, ...]
    program: str
    service: str

    def meets(self, address: str, port: int) -> bool:
        """Whether a TCP connection of the agent's programs to this address and port falls under the rule."""
        return (
            self.protocol in (None, TCP, 256)
            and (not self.addresses or any(_covers(item, address) for item in self.addresses))
            and (not self.ports or any(_has(item, port) for item in self.ports))
            and (not self.own_ports or any(all(_has(item, own) for own in DYNAMIC) for item in self.own_ports))
            and self.service.lower() in ("", "*", "rdagent", "windowsazureguestagent")
        )


def parse(text: str) -> Rule | None:
    """A rule, None when it is switched off, inbound, or no rule."""
    fields: dict[str, list[str]] = {}
    for part in text.split("|")[1:]:
        name, mark, value = part.partition("=")
        if mark:
            fields.setdefault(name, []).append(value)

    def one(name: str) -> str:
        return fields.get(name, [""])[0]

    if one("Active").upper() != "TRUE" or one("Dir") != "Out" or one("Action") not in ("Block", "Allow"):
        return None
    # What narrows a rule to packages, users or wireless networks is nothing that the agent falls under.
    if any(name in fields for name in ("AppPkgId", "LUAuth", "LUOwn", "LA4", "TTK")) or "Lan" not in (
        fields.get("IFType") or ["Lan"]
    ):
        return None
    protocol = one("Protocol")
    return Rule(
        name=one("Name"),
        blocks=one("Action") == "Block",
        protocol=int(protocol) if protocol.isdigit() else None,
        addresses=tuple(fields.get("RA4", []) + fields.get("RA42", [])) or (("none",) if "RA6" in fields else ()),
        ports=tuple(fields.get("RPort", []) + fields.get("RPort2_10", [])),
        own_ports=tuple(fields.get("LPort", []) + fields.get("LPort2_10", [])),
        profiles=tuple(_PROFILES[name] for name in fields.get("Profile", []) if name in _PROFILES),
        adapters=tuple(item.lower() for item in fields.get("IF", [])),
        program=one("App"),
        service=one("Svc"),
    )


def _covers(item: str, address: str) -> bool:
    try:
        wanted = ipaddress.IPv4Address(address)
        if "-" in item:
            first, last = item.split("-", 1)
            return ipaddress.IPv4Address(first) <= wanted <= ipaddress.IPv4Address(last)
        return wanted in ipaddress.ip_network(item, strict=False)
    except (ValueError, TypeError):
        # Keywords: only these two can mean an address of the Azure host.
        return item.lower() in ("internet", "any", "*")


def _has(item: str, port: int) -> bool:
    first, mark, last = item.partition("-")
    if not first.isdigit() or (mark and not last.isdigit()):
        return item.lower() in ("any", "*")
    return int(first) <= port <= int(last or first)
