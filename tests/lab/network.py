# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's own network: a bridge in a namespace with no way out, Azure's two addresses, guests' cables."""

from __future__ import annotations

import json
from dataclasses import dataclass

from . import namespace
from .command import LabError, read_int, run
from .settings import GATEWAY, IMDS, NETWORK, STORAGE, WIRE_SERVER, Settings

BRIDGE = "bridge"
PREFIX = NETWORK.rpartition("/")[2]
FABRIC_ADDRESSES = (
    (f"{GATEWAY}/{PREFIX}", BRIDGE),
    (f"{STORAGE}/{PREFIX}", BRIDGE),
    # Azure's addresses sit on the loopback of the lab's namespace: local to it, unknown elsewhere.
    (f"{WIRE_SERVER}/32", "lo"),
    (f"{IMDS}/32", "lo"),
)
_OUTSIDE = "192.0.2.1"  # documentation address, only ever looked up in a routing table


@dataclass(frozen=True)
class Drop:
    """Packets from a guest to an address (and TCP port) that vanish without an answer."""

    source: str
    target: str
    port: int | None = None

    def rule(self) -> str:
        port = f" tcp dport {self.port}" if self.port else ""
        return f"ip saddr {self.source} ip daddr {self.target}{port} counter drop"


class Network:
    """The network of one lab instance."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.name = settings.netns

    def up(self) -> None:
        """Build the namespace and its bridge; does nothing where they stand. Fails if anything could leave."""
        namespace.create(self.name)
        if not self._has_link(BRIDGE):
            self._ip("link", "add", BRIDGE, "type", "bridge", "forward_delay", "0")
        self._ip("link", "set", BRIDGE, "up")
        for address, link in FABRIC_ADDRESSES:
            self._ip("address", "replace", address, "dev", link)
        run(namespace.within(self.name, ["sysctl", "-qw", "net.ipv4.ip_forward=0"]))
        self.check_isolation()

    def check_isolation(self) -> None:
        """Raise LabError unless nothing sent in the lab can reach another network."""
        leaks = self.leaks()
        if leaks:
            raise LabError(f"Cannot trust '{self.name}': {'; '.join(leaks)}")

    def leaks(self) -> list[str]:
        """Every way by which a packet could leave the lab, in words."""
        found = []
        for family in ("-4", "-6"):
            if self._ip(family, "route", "show", "default"):
                found.append(f"a default route ({family})")
        if run(self._within("ip", "route", "get", _OUTSIDE), check=False).returncode == 0:
            found.append("a route to the outside")
        if run(self._within("cat", "/proc/sys/net/ipv4/ip_forward")).stdout.strip() != "0":
            found.append("forwarding is on")
        own = {"lo", BRIDGE}
        for link in json.loads(self._ip("-json", "-details", "link", "show")):
            kind = link.get("linkinfo", {}).get("info_kind")
            # A cable's other end lies in a guest's namespace; without one it lies in the machine's own.
            if link["ifname"] not in own and (kind != "veth" or "link_netnsid" not in link):
                found.append(f"an unknown link '{link['ifname']}'")
        addresses = run(["ip", "-o", "address"]).stdout
        for address, _port in FABRIC_ADDRESSES:
            if f" {address} " in addresses:
                found.append(f"the machine itself owns {address}")
        return found

    def connect_host(self, number: int, host: str, mac: str) -> None:
        """Give a guest its namespace and the cable from its eth0 to the bridge."""
        guest, cable = self.settings.host_netns(host), _cable(number)
        if namespace.exists(guest):
            return
        namespace.create(guest)
        peer = ["peer", "name", "eth0", "netns", guest, "address", mac]
        run(["ip", "link", "add", cable, "netns", self.name, "type", "veth", *peer])
        self._ip("link", "set", cable, "master", BRIDGE, "up")

    def disconnect_host(self, host: str) -> None:
        namespace.delete(self.settings.host_netns(host))

    def set_cable(self, number: int, plugged: bool) -> None:
        """Pull or plug a guest's cable at the bridge."""
        self._ip("link", "set", _cable(number), "up" if plugged else "down")

    def apply_drops(self, drops: list[Drop]) -> None:
        """Make these the only packets that are dropped, in one step."""
        rules = "\n".join(drop.rule() for drop in drops)
        chain = f"chain faults {{ type filter hook input priority 0;\n{rules}\n}}"
        table = f"table inet vmbackup\ndelete table inet vmbackup\ntable inet vmbackup {{\n{chain}\n}}\n"
        run(self._within("nft", "--file", "-"), stdin=table)

    def down(self) -> None:
        """Remove the namespaces of the lab and of its guests; cables and rules go with them."""
        for name in reversed(namespace.family(self.name)):
            namespace.delete(name)

    def _within(self, *argv: str) -> list[str]:
        return namespace.within(self.name, argv)

    def _ip(self, *argv: str) -> str:
        return run(self._within("ip", *argv)).stdout.strip()

    def _has_link(self, name: str) -> bool:
        return run(self._within("ip", "link", "show", name), check=False).returncode == 0


def machine_forwards() -> bool:
    """Whether the machine itself passes packets on between its networks."""
    return read_int("/proc/sys/net/ipv4/ip_forward") != 0


def _cable(number: int) -> str:
    return f"cable{number}"
