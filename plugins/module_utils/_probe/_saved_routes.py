# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The routes and rules for one address that a tree's network configuration sets, in the files of each system."""

import fnmatch
import re

from .._guest import netplan, network_config, unit_files
from .._guest.host import Missing
from .._guest.masking import excerpt
from . import _boot_commands
from ._firewall import covers

PRIMARY = "eth0"
"""Azure's first interface, where its images do not rename it."""

DESTINATION = r"[\"']?([0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?)"
OTHER_TABLE = re.compile(r"\b(?:table|lookup)[ =:]+(?!main\b|254\b)")
KEYFILE_LINE = re.compile(r"route[0-9]+ *= *" + DESTINATION)
NETWORKD_LINE = re.compile(r"Destination *= *" + DESTINATION)
RED_HAT_LINE = re.compile(r"(?:ADDRESS[0-9]+=|(?:blackhole|unreachable|prohibit) )?" + DESTINATION)
RULE = re.compile(r"to " + DESTINATION)
"""A rule of policy routing: it takes packets to a table of its own, where a route says nothing."""

NETPLAN_LINE = re.compile(r"[^#]*\bto: *" + DESTINATION)
COMMAND = re.compile(r"route (?:add|append|prepend|replace) (?:-host |-net )?" + DESTINATION)
BEGINS = {RULE: "to", COMMAND: "route"}
"""The word with which the part begins that these are about."""


def read(host, address):
    """``["file:line: text"]``; a default route is not among them, but a refusal of all that DHCP gives is."""
    return (
        _found(host, address, network_config.KEYFILES, ("*",), KEYFILE_LINE)
        + _found(host, address, network_config.NETWORKD, ("*.network",), NETWORKD_LINE)
        + _found(host, address, network_config.IFCFG, ("route-*", "ifroute-*", "routes", "ifroutes"), RED_HAT_LINE)
        + _found(host, address, netplan.DIRECTORIES, ("*.yaml",), NETPLAN_LINE)
        + _found(host, address, network_config.IFCFG, ("rule-*",), RULE)
        + _commanded(host, address)
        + _refused(host)
    )


def _refused(host):
    """Where the configuration of the first interface refuses the routes of DHCP: that to the fabric is one of them."""
    found = []
    for reader in (network_config.netplan, network_config.networkd, network_config.keyfiles, network_config.ifcfg):
        try:
            places = [one.no_routes for one in reader(host) if one.no_routes and one.is_for(PRIMARY)]
        except Missing:
            continue
        found += ["{0}: no routes of DHCP for {1}".format(place, PRIMARY) for place in places]
    return found


def _found(host, address, directories, names, pattern):
    found = []
    for path in unit_files.fragments(host, directories, ""):
        if any(fnmatch.fnmatch(path.rpartition("/")[2], name) for name in names):
            found += _lines(host.text(path) or "", path, pattern, address)
    return found


def _commanded(host, address):
    found = []
    for place, words, _certain in _boot_commands.read(host):
        pattern = RULE if "rule" in words[:3] else COMMAND
        found += _line(place, " ".join(words), pattern, address)
    return found


def _lines(text, path, pattern, address):
    for number, line in enumerate(text.splitlines(), 1):
        yield from _line("{0}:{1}".format(path, number), line.strip(), pattern, address)


def _line(place, line, pattern, address):
    match = pattern.match(_part(line, BEGINS[pattern]) if pattern in BEGINS else line)
    other_table = OTHER_TABLE.search(line) is not None
    destination = match.group(1) if match and other_table == (pattern is RULE) else "/0"
    if not destination.endswith("/0") and covers(destination, address):
        yield "{0}: {1}".format(place, excerpt(line, 200))


def _part(line, begin):
    """The words of a line from one on, which may be the name of a program with its path; empty without it."""
    words = line.split()
    at = next((place for place, word in enumerate(words) if word.rpartition("/")[2] == begin), None)
    return "" if at is None else " ".join([begin] + words[at + 1 :])
