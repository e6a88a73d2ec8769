# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The routes for one address that a tree's network configuration sets, in the files of each configuration system."""

import re

from .._guest import netplan, network_config, unit_files
from .._guest.masking import excerpt
from ._firewall import covers

DESTINATION = r"[\"']?([0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?)"
OTHER_TABLE = re.compile(r"\btable[ =:]+(?!main\b|254\b)")
ROUTES = (
    (network_config.KEYFILES, re.compile(r".*"), r"route[0-9]+ *= *"),
    (network_config.NETWORKD, re.compile(r".*\.network\Z"), r"Destination *= *"),
    (
        network_config.IFCFG,
        re.compile(r"(?:if)?route(?:-.*|s\Z)"),
        r"(?:ADDRESS[0-9]+=|(?:blackhole|unreachable|prohibit) )?",
    ),
    (netplan.DIRECTORIES, re.compile(r".*\.yaml\Z"), r"[^#]*\bto: *"),
    (("/etc/network", "/etc/network/interfaces.d"), re.compile(r".*"), r"[^#]*\broute add (?:-host |-net )?"),
)
"""Directories, names of files in them, and what stands before the destination in a line."""


def read(host, address):
    """``["file:line: text"]``; a default route is not among them."""
    found = []
    for directories, names, before in ROUTES:
        pattern = re.compile(before + DESTINATION)
        for path in unit_files.fragments(host, directories, ""):
            if names.match(path.rpartition("/")[2]):
                found += _lines(host.text(path) or "", path, pattern, address)
    return found


def _lines(text, path, pattern, address):
    for number, line in enumerate(text.splitlines(), 1):
        match = pattern.match(line.strip())
        destination = match.group(1) if match and not OTHER_TABLE.search(line) else "/0"
        if not destination.endswith("/0") and covers(destination, address):
            yield "{0}:{1}: {2}".format(path, number, excerpt(line.strip(), 200))
