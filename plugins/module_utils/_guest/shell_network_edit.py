# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Turns one interface's static IPv4 address into DHCP in the ifcfg files of Red Hat and of SUSE, which a shell reads.

Only IPv4 addresses and IPv4 default routes go; Refused where a line about them is more than an assignment.
"""

import re

from .errors import Refused
from .static_address import refuse_several

DHCP = ("dhcp", "dhcp4", "dhcp+autoip", "bootp")
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)=(\"[^\"$`\\]*\"|'[^']*'|[^\s\"'$`\\;&|#]*)\s*(?:\s#.*)?\Z")
_RED_HAT = re.compile(r"(IPADDR|NETMASK|PREFIX|NETWORK|BROADCAST|GATEWAY)([0-9]*)\Z")
_SUSE = re.compile(r"(IPADDR|NETMASK|PREFIXLEN|NETWORK|BROADCAST|REMOTE_IPADDR)(_\w+)?\Z")
_NAMED = re.compile(r"(?<!\w)(BOOTPROTO|(IPADDR|NETMASK|PREFIX|PREFIXLEN|NETWORK|BROADCAST|GATEWAY|REMOTE_IPADDR)\w*)=")


def ifcfg(text, _interface):
    """An ifcfg file of Red Hat."""
    return _to_dhcp(text, "dhcp", _RED_HAT)


def wicked(text, _interface):
    """An ifcfg file of SUSE; its quotes are single ones."""
    return _to_dhcp(text, "'dhcp'", _SUSE)


def ifroute(text, interface):
    """Routes of SUSE: destination, gateway, mask, interface."""
    lines = []
    for number, line in enumerate(text.split("\n"), 1):
        fields = line.split() + ["-"] * 4
        of_others = fields[3] not in ("-", interface) and not fields[3].startswith("#")
        if fields[0] not in ("default", "0.0.0.0/0", "0/0") or of_others or ":" in fields[1]:
            lines.append(line)
        elif fields[0] == "default" and fields[1] == "-":
            raise Refused("line {0}: a default route without a gateway".format(number))
    return "\n".join(lines)


def _to_dhcp(text, dhcp, static):
    lines = text.split("\n")
    said = [_assignment(number, line) for number, line in enumerate(lines, 1)]
    values = dict(pair for pair in said if pair)
    if values.get("BOOTPROTO", "").lower() in DHCP:
        return text
    refuse_several(
        address
        for name, value in values.items()
        if name.startswith("IPADDR") and _is_ipv4(name, values, static)
        for address in value.split()
    )
    kept = []
    for line, pair in zip(lines, said):
        if pair and pair[0] == "BOOTPROTO":
            line = "BOOTPROTO=" + dhcp
        elif pair and _is_ipv4(pair[0], values, static):
            continue
        kept.append(line)
    if "BOOTPROTO" not in values:
        kept.insert(len(kept) - 1 if kept[-1] == "" else len(kept), "BOOTPROTO=" + dhcp)
    return "\n".join(kept)


def _assignment(number, line):
    """``(name, value)`` of a line, or None. Raises Refused for an address in any other form."""
    found = _ASSIGNMENT.match(line)
    if found:
        return found.group(1), found.group(2).strip("'\"").strip()
    if _NAMED.search(line) and not line.lstrip().startswith("#"):
        raise Refused("line {0}: it is more than an assignment".format(number))
    return None


def _is_ipv4(name, values, static):
    """Whether a variable belongs to an IPv4 address: SUSE's may as well be those of an IPv6 address."""
    found = static.match(name)
    return bool(found) and ":" not in values.get("IPADDR" + (found.group(2) or ""), "")
