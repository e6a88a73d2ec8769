# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Turns one interface's static IPv4 address into DHCP in a file of ifupdown."""

import ipaddress
import re

from .errors import Refused
from .interfaces import statements
from .static_address import refuse_several

STATIC_ONLY = ("address", "netmask", "gateway", "broadcast", "network", "pointopoint")


def to_dhcp(text, interface):
    """The file's text with DHCP for IPv4; the same one where that is so, None where the interface is not in it.

    The options of the static address go, and nothing else: raises Refused where that does not make it DHCP.
    """
    read = statements(text)
    heads = [statement for statement in read if statement.interface() == interface]
    if not heads:
        return None
    _check(heads, interface, read)
    if heads[0].words[3] == "dhcp":
        return text
    lines, addresses, inside = [], [], False
    for statement in read:
        if statement is heads[0]:
            inside = True
            lines.append(_as_dhcp(statement))
            continue
        inside = inside and not statement.begins_stanza()
        if inside and statement.words:
            if statement.words[0] in STATIC_ONLY:
                _check_address(statement)
                addresses.extend(statement.words[1:2] if statement.words[0] == "address" else ())
                continue
            _check_command(statement)
        lines.extend(statement.lines)
    refuse_several(addresses)
    return "\n".join(lines)


def _check(heads, interface, read):
    if len(heads) > 1:
        raise Refused("line {0}: {1} has a second address there".format(heads[1].number, interface))
    method = heads[0].words[3]
    if method not in ("static", "dhcp"):
        raise Refused("line {0}: its method is '{1}'".format(heads[0].number, method))
    if len(heads[0].words) > 4 and method == "static":
        raise Refused("line {0}: it inherits settings".format(heads[0].number))
    for statement in read:
        if statement.words[:2] == ["iface", interface] and "inherits" in statement.words[2:3]:
            raise Refused("line {0}: it inherits settings".format(statement.number))


def _as_dhcp(statement):
    """The head of the stanza; one line where it was several."""
    if len(statement.lines) == 1:
        return re.sub(r"(\sinet\s+)static\b", r"\1dhcp", statement.lines[0], count=1)
    return " ".join(statement.words[:3] + ["dhcp"])


def _check_address(statement):
    """Refuse what is no IPv4 address: IPv6 has a stanza of its own."""
    try:
        is_ipv4 = (
            statement.words[0] not in ("address", "gateway") or ipaddress.ip_interface(statement.words[1]).version == 4
        )
    except (ValueError, IndexError):
        is_ipv4 = False
    if not is_ipv4:
        raise Refused("line {0}: it is not an IPv4 address".format(statement.number))


def _check_command(statement):
    """Refuse a command that sets the default route, which would fail beside that of DHCP."""
    words = statement.words
    is_default = "route" in words and ("default" in words or "0.0.0.0/0" in words or "0.0.0.0" in words)
    if is_default and not set(words) & {"-6", "inet6", "table"}:
        raise Refused("line {0}: a command sets the default route".format(statement.number))
