# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Turns one interface's static IPv4 address into DHCP in the files of systemd-networkd and NetworkManager.

Both take a file's text and return the new text, the same one when there is nothing to do, or None when the file does
not speak of an interface's addresses. Only IPv4 addresses and IPv4 default routes go; Refused where that is not sure.
"""

import ipaddress
import re

from .errors import Refused
from .ini_sections import joined, sections_of
from .static_address import refuse_several

BOTH, IPV4, IPV6 = ("yes", "true", "1", "on", "both", "y", "t"), ("ipv4", "v4"), ("ipv6", "v6")
EVERYTHING = ("0.0.0.0/0", "0.0.0.0", "0/0")
_ADDRESS = re.compile(r"address(es)?[0-9]*\Z")


def networkd(text, _interface):
    """A ``.network`` file; the caller knows that it is the interface's."""
    sections = sections_of(text)
    if not any(section.name == "Network" for section in sections):
        return None
    for section in sections:
        section.refuse_continued(("Network", "Address", "Route"))
    wishes = [(section, at) for section in sections if section.name == "Network" for at in section.places("DHCP")]
    wish = wishes[-1][0].value(wishes[-1][1]).lower() if wishes else "no"
    if wish in BOTH + IPV4:
        return text
    refuse_several(_ipv4_addresses(sections))
    kept = [section for section in sections if not (_is_ipv4_address(section) or _is_ipv4_default(section))]
    line = "DHCP=" + ("yes" if wish in IPV6 else "ipv4")
    if wishes:
        wishes[-1][0].lines[wishes[-1][1]] = line
    else:
        next(section for section in kept if section.name == "Network").lines.insert(1, line)
    for section in kept:
        if section.name == "Network":
            section.drop(lambda key, value: key in ("Address", "Gateway") and _version(value) == 4)
    return joined(kept, text)


def _ipv4_addresses(sections):
    told = [section.value(at) for section in sections if section.name == "Network" for at in section.places("Address")]
    told += [section.last("Address") for section in sections if _is_ipv4_address(section)]
    return [address for address in told if _version(address) == 4]


def keyfile(text, _interface):
    """A key file of NetworkManager."""
    sections = sections_of(text)
    found = [section for section in sections if section.name == "ipv4"]
    if not found:
        return None
    methods = [(section, at) for section in found for at in section.places("method")]
    method = methods[-1][0].value(methods[-1][1]) if methods else "manual"
    if method == "auto":
        return text
    if method != "manual":
        raise Refused("its method is '{0}'".format(method[:32]))
    keys = [(section.key(at), section.value(at)) for section in found for at in range(len(section.lines))]
    refuse_several(re.split("[,;]", value)[0].strip() for key, value in keys if key and _ADDRESS.match(key))
    for section, at in methods:
        section.lines[at] = "method=auto"
    if not methods:
        found[0].lines.insert(1, "method=auto")
    for section in found:
        section.drop(lambda key, _value: key == "gateway" or _ADDRESS.match(key))
        section.drop(lambda key, value: re.match(r"route[0-9]+\Z", key) and value.split(",")[0] in EVERYTHING)
    return joined(sections, text)


def _is_ipv4_address(section):
    return section.name == "Address" and _version(section.last("Address") or "") == 4


def _is_ipv4_default(section):
    """Whether this is the default route of IPv4 in the main table, which comes by DHCP."""
    to, table, kind = section.last("Destination"), section.last("Table"), section.last("Type")
    if section.name != "Route" or table not in (None, "", "main", "254") or kind not in (None, "", "unicast"):
        return False
    return to in EVERYTHING or not to and _version(section.last("Gateway") or "") == 4


def _version(address):
    try:
        return ipaddress.ip_interface(address).version
    except ValueError:
        return None
