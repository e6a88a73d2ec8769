# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What netplan's files say of the interfaces, as far as it matters here."""

from .netplan_yaml import LIST, MAP, Node, line_of, parse

DIRECTORIES = ("/run/netplan", "/etc/netplan", "/usr/lib/netplan", "/lib/netplan")
TRUE = ("true", "yes", "on", "y")
LEFT_DOWN = ("manual", "off", "false")
"""Values of activation-mode; YAML takes a plain off for false."""


def read(found, path, text):
    """Add what a file says of devices to ``found``, by id: later files override earlier ones. Raises Refused.

    ``{id, kind, dhcp4, addresses, mac, name, no_routes, waits, places}``; ``places``: setting -> ``file:line``,
    ``no_routes`` that of the one which refuses the routes of DHCP, ``waits`` of the one which leaves the device down.
    """
    network = (parse(text) or Node(MAP, {}, 0, 0)).get("network")
    for kind, (_key, devices) in network.value.items() if network and network.kind == MAP else ():
        for name, (_key, node) in devices.value.items() if devices.kind == MAP else ():
            item = {"id": name, "kind": kind, "dhcp4": None, "addresses": [], "mac": None, "name": None}
            item.update(no_routes=None, waits=None, places={})
            _take(found.setdefault(name, item), node, lambda at: "{0}:{1}".format(path, line_of(text, at)))


def _take(item, node, place_of):
    dhcp4, mac, routes = node.get("dhcp4"), node.get("match", "macaddress"), node.get("dhcp4-overrides", "use-routes")
    if dhcp4:
        item["dhcp4"], item["places"]["dhcp4"] = is_true(dhcp4), place_of(dhcp4.start)
    if routes:
        item["no_routes"] = None if is_true(routes) else place_of(routes.start)
    activation = node.get("activation-mode")
    if activation:
        down = str(activation.plain()).lower() in LEFT_DOWN
        item["waits"] = place_of(activation.start) if down else None
    for address in addresses(node):
        if ":" not in text_of(address):
            item["addresses"].append(text_of(address))
            item["places"].setdefault("addresses", place_of(address.first))
    if mac:
        item["mac"], item["places"]["mac"] = str(mac.plain()).lower(), place_of(mac.start)
    for name in (node.get("match", "name"), node.get("set-name")):
        item["name"] = str(name.plain()) if name else item["name"]


def is_true(node):
    """Whether netplan takes a value for yes."""
    return str(node.plain()).lower() in TRUE


def addresses(node):
    """The nodes of an interface's addresses."""
    found = node.get("addresses")
    return found.value if found and found.kind == LIST else []


def text_of(address):
    """An address as it is written; one with a label, say, is the only key of a dictionary."""
    return next(iter(address.value), "") if address.kind == MAP else str(address.plain())
