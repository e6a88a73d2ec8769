# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``identity``: which system this is."""

import os
import re

from .._guest import handlers, os_release, trees
from .._guest.host import NEEDS_LIVE

AZURE_CHASSIS = "7783-7084-3265-9085-8269-3286-77"
CHASSIS_TAG = "/sys/class/dmi/id/chassis_asset_tag"
PRODUCT_UUID = "/sys/class/dmi/id/product_uuid"
UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")


def collect(host, options, facts):
    facts.take("os", lambda: _os(host))
    facts["init"] = init_system(host)
    facts.take("vm_id", lambda: _vm_id(host))
    if not host.live:
        for name in ("hostname", "kernel", "machine", "uptime_s", "azure", "machine_uuid"):
            facts.lack(name, NEEDS_LIVE)
        return
    system = os.uname()
    facts["hostname"], facts["kernel"], facts["machine"] = system.nodename, system.release, system.machine
    facts.take("uptime_s", lambda: float(host.text("/proc/uptime").split()[0]))
    tag = host.line(CHASSIS_TAG)
    facts["azure"] = {"value": tag == AZURE_CHASSIS, "chassis_asset_tag": tag, "read_from": CHASSIS_TAG}
    facts.take("machine_uuid", lambda: _uuid(host, PRODUCT_UUID))


def _vm_id(host):
    """The id that the agent notes when it is provisioned. Old versions left the file empty."""
    library = handlers.lib_dir(host)[0]
    trees.need(host, library)
    path = library + "/provisioned"
    return {"value": _uuid(host, path), "read_from": path}


def _uuid(host, path):
    line = host.line(path)
    return line if line and UUID.match(line) else None


def _os(host):
    path, values = os_release.load(host)
    if path is None:
        return None
    return {
        "id": values.get("ID", "linux"),
        "id_like": values.get("ID_LIKE", "").split(),
        "version_id": values.get("VERSION_ID"),
        "name": values.get("PRETTY_NAME") or values.get("NAME"),
        "read_from": path,
    }


def init_system(host):
    """``systemd``, ``openrc``, ``upstart``, ``sysvinit`` or None: what starts services here."""
    # On a live system what is installed says nothing: only the manager that booted it makes this directory.
    signs = ("/run/systemd/system",) if host.live else ("/lib/systemd/systemd", "/usr/lib/systemd/systemd")
    if any(host.exists(path) for path in signs):
        return "systemd"
    if host.exists("/sbin/openrc-run") or host.exists("/sbin/openrc"):
        return "openrc"
    if host.exists("/sbin/initctl") and host.exists("/etc/init"):
        return "upstart"
    return "sysvinit" if host.exists("/etc/init.d") else None
