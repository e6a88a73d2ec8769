# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The routes for one address that a tree's network configuration sets, in the files of each configuration system."""

import fnmatch
import re

from .._guest import netplan, network_config, unit_files
from .._guest.masking import excerpt
from . import _boot_commands
from ._firewall import covers

DESTINATION = r"[\"']?([0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?)"
OTHER_TABLE = re.compile(r"\btable[ =:]+(?!main\b|254\b)")
KEYFILE_LINE = re.compile(r"route[0-9]+ *= *" + DESTINATION)
NETWORKD_LINE = re.compile(r"Destination *= *" + DESTINATION)
RED_HAT_LINE = re.compile(r"(?:ADDRESS[0-9]+=|(?:blackhole|unreachable|prohibit) )?" + DESTINATION)
NETPLAN_LINE = re.compile(r"[^#]*\bto: *" + DESTINATION)
COMMAND = re.compile(r".*\broute (?:add|append|prepend|replace) (?:-host |-net )?" + DESTINATION)


def read(host, address):
    """``["file:line: text"]``; a default route is not among them."""
    return (
        _found(host, address, network_config.KEYFILES, ("*",), KEYFILE_LINE)
        + _found(host, address, network_config.NETWORKD, ("*.network",), NETWORKD_LINE)
        + _found(host, address, network_config.IFCFG, ("route-*", "ifroute-*", "routes", "ifroutes"), RED_HAT_LINE)
        + _found(host, address, netplan.DIRECTORIES, ("*.yaml",), NETPLAN_LINE)
        + _commanded(host, address)
    )


def _found(host, address, directories, names, pattern):
    found = []
    for path in unit_files.fragments(host, directories, ""):
        if any(fnmatch.fnmatch(path.rpartition("/")[2], name) for name in names):
            found += _lines(host.text(path) or "", path, pattern, address)
    return found


def _commanded(host, address):
    commands = ((place, " ".join(words)) for place, words in _boot_commands.read(host))
    return [shown for place, line in commands for shown in _line(place, line, COMMAND, address)]


def _lines(text, path, pattern, address):
    for number, line in enumerate(text.splitlines(), 1):
        for shown in _line("{0}:{1}".format(path, number), line.strip(), pattern, address):
            yield shown


def _line(place, line, pattern, address):
    match = pattern.match(line)
    destination = match.group(1) if match and not OTHER_TABLE.search(line) else "/0"
    if not destination.endswith("/0") and covers(destination, address):
        yield "{0}: {1}".format(place, excerpt(line, 200))
