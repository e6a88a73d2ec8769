# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Routes in the kernel's main table, by one way: the ``interface``, ``gateway`` and ``metric`` that they share.

What is asked, changed and shown of them, and which are refused.
"""

import ipaddress
import os
import tempfile

from .._guest import kernel_routes
from .._guest.azure import FABRIC
from .._guest.host import Host
from . import commands
from .errors import cannot

UNROUTABLE = [ipaddress.ip_network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")]
"""This host, loopback, link-local; multicast and what is reserved."""


def table():
    """Return the main table, see ``kernel_routes``; ``to`` is a route's destination with its prefix."""
    return [dict(route, to="{destination}/{prefix}".format(**route)) for route in kernel_routes.read(Host())]


def by(way):
    """Return the destinations that have a route by a way now."""
    return {route["to"] for route in table() if all(route[key] == way[key] for key in way)}


def bring(way, wanted, run=commands.run):
    """Add and delete routes until those by the way are the wanted ones; raises ChangeError where one is refused."""
    now = by(way)
    words = "route {{}} {{}} via {gateway} dev {interface} metric {metric} proto static\n".format(**way)
    lines = [words.format("del", to) for to in sorted(now - wanted)]
    lines += [words.format("add", to) for to in sorted(wanted - now)]
    with tempfile.TemporaryDirectory(prefix="vmbackup-") as folder:
        path = os.path.join(folder, "routes")
        with open(path, "w") as handle:
            handle.writelines(lines)
        commands.output(["ip", "-4", "-batch", path], run)


def difference(way, before, after):
    """Return what a table had and will have in the form that Ansible shows."""
    words = "{} via {gateway} metric {metric}\n"
    old, new = ("".join(words.format(to, **way) for to in sorted(one)) for one in (before - after, after - before))
    title = "routes of {interface}".format(**way)
    return {"before_header": title, "after_header": title, "before": old, "after": new}


def network(text):
    """Return a destination as a network; raises ChangeError for what is none of IPv4."""
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        raise cannot("route", text, "give an IPv4 network such as 20.38.0.0/16") from None


def refuse(networks, way):
    """Raise ChangeError for routes that would not work, or would take away a way that the host has."""
    there = table()
    near = [route for route in there if route["gateway"] == "0.0.0.0" and route["prefix"]]
    of_interface = [ipaddress.ip_network(route["to"]) for route in near if route["interface"] == way["interface"]]
    try:
        gateway = ipaddress.IPv4Address(way["gateway"])
    except ValueError:
        raise cannot("use the gateway", way["gateway"], "give an IPv4 address") from None
    if not any(gateway in network for network in of_interface):
        raise cannot("use the gateway", gateway, "no network of {interface} has it".format(**way))
    own = [ipaddress.ip_network(route["to"]) for route in near]
    others = {route["to"]: route for route in there if route["metric"] == way["metric"]}
    for to in networks:
        inside = [address for address in FABRIC if ipaddress.ip_address(address) in to]
        if inside:
            raise cannot("route", to, "{} of the Azure host is in it".format(inside[0]))
        if any(to.overlaps(each) for each in UNROUTABLE):
            raise cannot("route", to, "no gateway leads to all of its addresses")
        if any(to.overlaps(each) for each in own):
            raise cannot("route", to, "this host has an address in it")
        other = others.get(str(to))
        if other and any(other[key] != way[key] for key in way):
            raise cannot("route", to, "it has a route by {gateway} of {interface} already".format(**other))
