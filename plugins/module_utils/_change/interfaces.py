# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Network interfaces as the kernel has them."""

import re

from .._guest.azure import WIRE_SERVER
from . import commands
from .errors import cannot


def primary_interface(run=commands.run):
    """Return the interface through which the host reaches the platform; nothing is sent."""
    for words in _routes_to_azure(run):
        match = re.search(r"\bdev (\S+)", words)
        if match and match.group(1) != "lo":
            return match.group(1)
    raise cannot("find", "the primary interface", "no route leads to {}; give interface".format(WIRE_SERVER))


def gateway_of(interface, run=commands.run):
    """Return the gateway through which the host reaches the platform by an interface; nothing is sent."""
    for words in _routes_to_azure(run):
        match = re.search(r"\bvia (\S+) dev {}\b".format(re.escape(interface)), words)
        if match:
            return match.group(1)
    raise cannot("find", "the gateway of " + interface, "no route leads through one; give gateway")


def checked_name(interface):
    """Return what may be the name of an interface; raises ChangeError for anything else."""
    if not re.match(r"[A-Za-z0-9_.-]{1,15}\Z", interface):
        raise cannot("use the interface", interface, "not an interface's name")
    return interface


def _routes_to_azure(run):
    for argv in (["ip", "-4", "-o", "route", "get", WIRE_SERVER], ["ip", "-4", "-o", "route", "show", "default"]):
        yield run(argv).out


def addresses_of(interface, run=commands.run):
    """Return the interface's global IPv4 addresses with their prefix."""
    out = run(["ip", "-4", "-o", "address", "show", "dev", interface, "scope", "global"]).out
    return re.findall(r"\binet (\S+)", out)
