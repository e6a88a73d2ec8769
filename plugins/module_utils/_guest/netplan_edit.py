# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Turns one interface's static IPv4 address into DHCP in a file of netplan."""

import ipaddress

from . import netplan
from .errors import Refused
from .netplan_yaml import LIST, MAP, line_of, parse
from .static_address import refuse_several


def to_dhcp(text, interface):
    """The file's text with DHCP for IPv4; the same one where that is so, None where the interface is not in it.

    Its IPv4 addresses and IPv4 default routes are taken away, and nothing else: raises Refused where that is not sure.
    """
    root = parse(text)
    network = root.get("network") if root else None
    for kind, (_key, devices) in network.value.items() if network and network.kind == MAP else ():
        if devices.get(interface):
            return _checked(text, root, kind, interface)
    return None


def _checked(text, root, kind, interface):
    key, node = root.get("network", kind).value[interface]
    dhcp4 = node.get("dhcp4")
    if dhcp4 and netplan.is_true(dhcp4):
        return text
    if node.kind != MAP and node.plain():
        raise Refused("line {0}: it has no settings".format(line_of(text, node.start)))
    if _repeated(node):
        # netplan passes over what follows such an address: without it, more would be in force than before.
        raise Refused("line {0}: it lists an address twice".format(line_of(text, key.start)))
    refuse_several(netplan.text_of(item) for item in netplan.addresses(node) if _is_ipv4_address(item))
    changes = _changes(node) if node.kind == MAP else {}
    edited = _edited(text, node, changes)
    settings = {name: said for name, said in (node.plain() or {}).items() if name not in changes}
    settings.update({name: [item.plain() for item in kept] for name, kept in changes.items() if kept}, dhcp4="true")
    expected = root.plain()
    expected["network"][kind][interface] = settings
    if parse(edited).plain() != expected:
        raise Refused("line {0}: its block is written in an unusual way".format(line_of(text, key.start)))
    return edited


def _repeated(node):
    found = node.get("addresses") if node.kind == MAP else None
    told = [netplan.text_of(item) for item in found.value] if found and found.kind == LIST else []
    return len(set(told)) < len(told)


def _changes(node):
    """The settings of an interface that change, with what stays of their lists: nothing of one that goes."""
    changes = {"gateway4": []} if node.get("gateway4") else {}
    for name, goes in (("addresses", _is_ipv4_address), ("routes", _is_ipv4_default)):
        found = node.get(name)
        if found and found.kind == LIST:
            kept = [item for item in found.value if not goes(item)]
            if len(kept) < len(found.value):
                changes[name] = kept
    return changes


def _edited(text, node, changes):
    if node.kind != MAP:
        return _spliced(text, [(node.start, node.end, " {dhcp4: true}")])
    if node.flow:
        return _spliced(text, [(node.start, node.end, _in_brackets(text, node, changes))])
    places = []
    for name, kept in changes.items():
        key, found = node.value[name]
        if not kept:
            places.append(_lines(text, key, found))
        elif found.flow:
            places.append((found.start, found.end, _list(text, kept)))
        else:
            places.extend(_lines(text, item, item) for item in found.value if item not in kept)
    dhcp4, line = node.get("dhcp4"), text.rfind("\n", 0, node.start) + 1
    if dhcp4:
        places.append((dhcp4.start, dhcp4.end, "true" if dhcp4.end > dhcp4.start else " true"))
    else:
        places.append((line, line, text[line : node.start] + "dhcp4: true\n"))
    return _spliced(text, places)


def _in_brackets(text, node, changes):
    """An interface in flow style: what stays, in its own words."""
    parts = ["dhcp4: true"]
    for name, (key, found) in node.value.items():
        if name != "dhcp4" and changes.get(name) != []:
            said = _list(text, changes[name]) if name in changes else text[found.start : found.end]
            parts.append("{0}: {1}".format(text[key.start : key.end], said))
    return "{" + ", ".join(parts) + "}"


def _list(text, items):
    return "[" + ", ".join(text[item.start : item.end] for item in items) + "]"


def _lines(text, first, last):
    """The place of the whole lines of an entry."""
    end = text.find("\n", last.end)
    return text.rfind("\n", 0, first.first) + 1, len(text) if end < 0 else end + 1, ""


def _spliced(text, places):
    """The text with other words in places ``(start, end, words)``."""
    for start, end, words in sorted(places, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _is_ipv4_address(item):
    return _version(netplan.text_of(item)) == 4


def _is_ipv4_default(route):
    """Whether a route is IPv4's default one in the main table, which comes by DHCP."""
    said = route.plain() if route.kind == MAP else {}
    if said.get("table", "254") != "254" or said.get("type", "unicast") != "unicast":
        return False
    to = said.get("to", "")
    if to == "default":
        return _version(said.get("via", "")) == 4
    return to in ("0.0.0.0/0", "0/0")


def _version(address):
    try:
        return ipaddress.ip_interface(address).version
    except ValueError:
        raise Refused("an address, or the gateway of a route, is not understood") from None
