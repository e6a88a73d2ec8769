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
    for argv in (["ip", "-4", "-o", "route", "get", WIRE_SERVER], ["ip", "-4", "-o", "route", "show", "default"]):
        match = re.search(r"\bdev (\S+)", run(argv).out)
        if match and match.group(1) != "lo":
            return match.group(1)
    raise cannot("find", "the primary interface", "no route leads to {}; give interface".format(WIRE_SERVER))


def addresses_of(interface, run=commands.run):
    """Return the interface's global IPv4 addresses with their prefix."""
    out = run(["ip", "-4", "-o", "address", "show", "dev", interface, "scope", "global"]).out
    return re.findall(r"\binet (\S+)", out)
