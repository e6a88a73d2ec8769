# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Turns one interface's static IPv4 address into DHCP in the file of dhcpcd, whose default is DHCP."""

import ipaddress

from .dhcpcd import lines
from .errors import Refused
from .static_address import refuse_several

STATIC_ONLY = ("ip_address", "subnet_mask", "broadcast_address", "routers")
# They take the place of the routes that come by DHCP.
ROUTES = ("routes", "static_routes", "classless_static_routes", "ms_classless_static_routes")
PREVENTS = ("nodhcp", "noipv4", "ipv6only", "inform")


def to_dhcp(text, interface):
    """The file's text with DHCP for IPv4; the same one where that is so.

    The settings of the static address go, and nothing else: raises Refused where that does not make it DHCP.
    """
    read = lines(text)
    mine = [line for line in read if line.is_for(interface)]
    for line in mine:
        if line.option in PREVENTS or line.excludes(interface):
            raise Refused("line {0}: '{1}' prevents DHCP".format(line.number, line.option))
    if not any(line.setting and line.setting[0] == "ip_address" for line in mine):
        return text
    gone = [line for line in mine if line.setting and line.setting[0] in STATIC_ONLY]
    for line in mine:
        if line.setting and line.setting[0] in ROUTES:
            raise Refused("line {0}: these routes would replace those of DHCP".format(line.number))
    for line in gone:
        if line.block != ("interface", interface):
            raise Refused("line {0}: it is for more than {1}".format(line.number, interface))
        _check_address(line)
    refuse_several(word for line in gone if line.setting[0] == "ip_address" for word in line.setting[1].split())
    return "\n".join(line.text for line in read if line not in gone)


def _check_address(line):
    for word in line.setting[1].split():
        try:
            is_ipv4 = ipaddress.ip_interface(word).version == 4
        except ValueError:
            is_ipv4 = False
        if not is_ipv4:
            raise Refused("line {0}: it is not an IPv4 address".format(line.number))
