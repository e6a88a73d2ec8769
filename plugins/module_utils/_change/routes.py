# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Routes in the kernel's main table, by one way: the ``interface``, ``gateway`` and ``metric`` that they share."""

import os
import tempfile

from .._guest import kernel_routes
from .._guest.host import Host
from . import commands


def table():
    """Return the main table, see ``kernel_routes``; ``to`` is a route's destination with its prefix."""
    return [dict(route, to="{destination}/{prefix}".format(**route)) for route in kernel_routes.read(Host())]


def by(way):
    """Return the destinations that have a route by a way now."""
    return {route["to"] for route in table() if all(route[key] == way[key] for key in way)}


def bring(way, wanted, run=commands.run):
    """Add and delete routes until those by the way are the wanted ones; raises ChangeError where one is refused."""
    now = by(way)
    words = "route {{}} {{}} via {gateway} dev {interface} metric {metric} proto static\n".format(**way)
    lines = [words.format("del", to) for to in sorted(now - wanted)]
    lines += [words.format("add", to) for to in sorted(wanted - now)]
    with tempfile.TemporaryDirectory(prefix="vmbackup-") as folder:
        path = os.path.join(folder, "routes")
        with open(path, "w") as handle:
            handle.writelines(lines)
        commands.output(["ip", "-4", "-batch", path], run)


def difference(way, before, after):
    """Return what a table had and will have in the form that Ansible shows."""
    words = "{} via {gateway} metric {metric}\n"
    old, new = ("".join(words.format(to, **way) for to in sorted(one)) for one in (before - after, after - before))
    title = "routes of {interface}".format(**way)
    return {"before_header": title, "after_header": title, "before": old, "after": new}
