# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The network interfaces of a running guest, and which of them is the primary one."""

from .._guest import kernel_routes
from .._guest.host import Missing
from . import _netlink

SYSFS = "/sys/class/net"


def interfaces(host):
    """Interfaces with hardware or an address but the loopback, by index. Read once for all sections."""
    return host.once("interfaces", lambda: _interfaces(host))


def _interfaces(host):
    host.need_live()
    addresses = {}
    for item in _netlink.addresses():
        kept = {key: item[key] for key in ("address", "prefix", "secondary")}
        addresses.setdefault(item["interface"], []).append(kept)
    links = _netlink.links()
    names = {link["index"]: link["name"] for link in links}
    found = []
    for link in sorted(links, key=lambda item: item["index"]):
        name, master = link["name"], names.get(link.pop("master"))
        # Hosts of containers have hundreds of virtual links without hardware and address.
        if name in addresses or host.exists("{0}/{1}/device".format(SYSFS, name)):
            virtual = master is not None and _is_virtual_function(host, name, master)
            found.append(dict(link, virtual_function=virtual, addresses=addresses.get(name, [])))
    return found


def _is_virtual_function(host, name, master):
    """Accelerated networking adds a second interface below the synthetic one; it has no address of its own."""
    driver = host.link("{0}/{1}/device/driver".format(SYSFS, master)) or ""
    return name.startswith("enP") or driver.endswith("/hv_netvsc")


def routes(host):
    """The main routing table, see ``kernel_routes``. Read once for all sections."""
    host.need_live()
    return host.once("routes", lambda: kernel_routes.read(host))


def primary(host):
    """``(interface, why)``: that of the default route with the lowest metric, else the first with an address."""
    links = [link for link in interfaces(host) if not link["virtual_function"]]
    names = [link["name"] for link in links]
    defaults = [route for route in routes(host) if route["prefix"] == 0 and route["interface"] in names]
    if defaults:
        best = min(defaults, key=lambda route: (route["metric"], names.index(route["interface"])))
        return links[names.index(best["interface"])], "default route"
    addressed = [link for link in links if link["addresses"]]
    if addressed:
        return addressed[0], "first interface with an address"
    if links:
        return links[0], "first interface"
    raise Missing("Cannot find the primary interface: there is none")
