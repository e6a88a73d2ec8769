# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may configure a guest's network: one unit of systemd, its files, and the packages that bring it."""

from __future__ import annotations

from dataclasses import dataclass

from .command import LabError

_NETWORKD = """[Match]
Name=eth0

[Network]
DHCP=ipv4
LinkLocalAddressing=ipv6

[DHCPv4]
ClientIdentifier=mac
RequestOptions=245
UseHostname=no
"""
_NETPLAN = """network:
  version: 2
  renderer: {renderer}
  ethernets:
    eth0:
      dhcp4: true
"""
_KEYFILE = """[connection]
id=eth0
type=ethernet
interface-name=eth0

[ipv4]
method=auto

[ipv6]
method=auto
"""
# Its rules for containers leave their cables alone.
_MANAGED = "[device]\nmatch-device=interface-name:eth*\nmanaged=1\n"
# Without udev, which a container has not, it would wait for interfaces indefinitely.
_DHCPCD = (
    "hostname\nclientid\npersistent\nnoarp\nnodev\noption domain_name_servers, classless_static_routes, interface_mtu\n"
)


@dataclass(frozen=True)
class Client:
    """``files``: path -> text; they are root's alone if ``private``, as netplan and NetworkManager want them."""

    unit: str
    files: dict[str, str]
    private: bool = False
    packages: tuple[str, ...] = ()


# The image's own file, which NetworkManager heeds, says nothing then.
_NO_IFUPDOWN = {"etc/network/interfaces.d/eth0": ""}
_MANAGER = {**_NO_IFUPDOWN, "etc/NetworkManager/conf.d/lab.conf": _MANAGED}
CLIENTS = {
    "dhclient": Client("networking.service", {}),
    "networkd": Client("systemd-networkd.service", {"etc/systemd/network/10-eth0.network": _NETWORKD}),
    "netplan": Client(
        "systemd-networkd.service",
        {"etc/netplan/50-cloud-init.yaml": _NETPLAN.format(renderer="networkd")},
        private=True,
        packages=("netplan.io",),
    ),
    "netplan-manager": Client(
        "NetworkManager.service",
        {"etc/netplan/50-cloud-init.yaml": _NETPLAN.format(renderer="NetworkManager"), **_MANAGER},
        private=True,
        packages=("netplan.io", "network-manager"),
    ),
    "manager": Client(
        "NetworkManager.service",
        {"etc/NetworkManager/system-connections/eth0.nmconnection": _KEYFILE, **_MANAGER},
        private=True,
        packages=("network-manager",),
    ),
    "dhcpcd": Client("dhcpcd.service", {**_NO_IFUPDOWN, "etc/dhcpcd.conf": _DHCPCD}, packages=("dhcpcd",)),
}
_PACKAGES = tuple(sorted({package for client in CLIENTS.values() for package in client.packages}))
# Sets the clock of one process: a guest's own is the machine's.
_CLOCK = ("libfaketime",)


def find(name: str) -> Client:
    """The client of that name."""
    if name not in CLIENTS:
        raise LabError(f"Cannot use the DHCP client '{name}': the lab knows {', '.join(CLIENTS)}")
    return CLIENTS[name]


def image_packages(name: str) -> tuple[str, ...]:
    """What an image needs for a client: nothing, or all packages of all clients, so that one image serves them."""
    return _PACKAGES + _CLOCK if find(name).packages else ()


def usual(suite: str) -> str:
    """A release's DHCP client: bullseye's dhclient at times leaves all answers unread (docs/lab.md)."""
    return "networkd" if suite == "bullseye" else "dhclient"
