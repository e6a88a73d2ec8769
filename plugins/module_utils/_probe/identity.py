# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``identity``: which system this is."""

import os

from .._guest import os_release
from .._guest.host import NEEDS_LIVE

AZURE_CHASSIS = "7783-7084-3265-9085-8269-3286-77"
CHASSIS_TAG = "/sys/class/dmi/id/chassis_asset_tag"


def collect(host, options, facts):
    facts.take("os", lambda: _os(host))
    facts["init"] = init_system(host)
    if not host.live:
        for name in ("hostname", "kernel", "machine", "uptime_s", "azure"):
            facts.lack(name, NEEDS_LIVE)
        return
    system = os.uname()
    facts["hostname"], facts["kernel"], facts["machine"] = system.nodename, system.release, system.machine
    facts.take("uptime_s", lambda: float(host.text("/proc/uptime").split()[0]))
    tag = host.line(CHASSIS_TAG)
    facts["azure"] = {"value": tag == AZURE_CHASSIS, "chassis_asset_tag": tag, "read_from": CHASSIS_TAG}


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
