# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``dhcp``: how the primary interface gets its address, and what its lease says of the wire server."""

import re

from .._guest import leases, network_config, trial, waagent_conf
from .._guest.host import NEEDS_LIVE, Missing
from . import _links

READERS = (
    network_config.netplan,
    network_config.networkd,
    network_config.keyfiles,
    network_config.ifcfg,
    network_config.ifupdown,
    network_config.dhcpcd,
)
UDEV_DIRECTORY = "/etc/udev/rules.d"
UDEV_MAC = re.compile(r"ATTRS?\{address\}==\"([0-9A-Fa-f:]{17})\"")
NETWORKD_LINKS, NM_DEVICES = "/run/systemd/netif/links/{0}", "/run/NetworkManager/devices/{0}"
LEASES_OF = {
    "networkd": ("networkd",),
    "networkmanager": ("networkmanager", "dhclient"),
    "ifupdown": ("dhclient", "dhcpcd"),
    "dhcpcd": ("dhcpcd",),
}
NETPLAN_RENDERED = re.compile(r"/\d+-netplan-|/netplan-")


def collect(host, options, facts):
    definitions, waiting = _definitions(host, facts), _waiting(host)
    try:
        link, why = _links.primary(host)
        facts["interfaces"] = _links.interfaces(host)
    except Missing as missing:
        facts.lack("interfaces", missing)
        link, why = _configured(definitions) or _configured(waiting), "configuration files"
    if link is None:
        for name in ("primary", "lease"):
            facts.lack(name, NEEDS_LIVE)
    else:
        facts["primary"] = _primary(host, link, why, definitions, waiting)
        try:
            facts["primary"]["on_trial"] = trial.find(host)
        except Missing as missing:
            facts.lack("primary.on_trial", missing)
        facts.take("lease", lambda: _lease(host, link, facts["primary"]["client"]))
    facts["pinned_macs"] = _pinned(host, facts, definitions)
    facts.take("cached_endpoint", lambda: _cached(host, "WireServerEndpoint"))
    facts.take("cached_protocol", lambda: _cached(host, "Protocol"))


def _definitions(host, facts):
    """What all readable configuration says; ``config`` is missing when a part of it may not be read."""
    found = []
    for reader in READERS:
        try:
            found.extend(reader(host))
        except Missing as missing:
            facts.lack("config", missing)
    return found


def _configured(definitions):
    """The interface of a tree: eth0 where that is configured, else the only one that is."""
    names = sorted(set(d.name for d in definitions if d.certain and d.name and not set(d.name) & set("*?[ ")))
    name = "eth0" if "eth0" in names else names[0] if len(names) == 1 else None
    if name is None and any(d.is_for("eth0") for d in definitions if d.certain):
        name = "eth0"
    return name and {"name": name, "index": None, "mac": None, "addresses": None}


def _waiting(host):
    try:
        return network_config.waiting(host)
    except Missing:  # the readers of what is in force have said so
        return []


def _primary(host, link, why, definitions, waiting):
    chosen, client = _in_force(host, link, definitions)
    left = [
        one
        for one in waiting
        if one.is_for(link["name"], link["mac"]) and (chosen is None or one.place == chosen.place)
    ]
    addresses = link["addresses"]
    return {
        "interface": link["name"],
        "why": why,
        "mac": link["mac"],
        "addresses": None if addresses is None else [item["address"] for item in addresses],
        "client": client,
        "method": chosen.method if chosen else None,
        "static_addresses": chosen.addresses if chosen else [],
        "waits": left[0].waits if left else None,
        "read_from": chosen.place if chosen else why,
    }


def _in_force(host, link, definitions):
    """``(definition, client)`` that configure an interface; both None where nothing says it."""
    name, mac, index = link["name"], link["mac"], link["index"]
    matching = [d for d in definitions if d.is_for(name, mac)]
    client, file = _manager(host, index)
    if file:
        exact = [d for d in matching if d.place.rpartition(":")[0] == file and not NETPLAN_RENDERED.search(file)]
        if exact:
            return exact[0], client
    orders = {
        "networkd": ("netplan", "networkd"),
        "networkmanager": ("netplan", "networkmanager", "ifcfg"),
        None: ("netplan", "networkd", "networkmanager", "ifcfg", "ifupdown", "dhcpcd"),
    }
    for system in orders[client]:
        same = [d for d in matching if d.system == system and (d.certain or client)]
        if same:
            # Explicit names before patterns; netplan's later files are merged already.
            return min(same, key=lambda d: (d.name == "*", d.method is None)), client or system
    return None, client


def _manager(host, index):
    """``(client, its file)`` of a running system: what its network managers say of the interface."""
    if index is None:
        return None, None
    text = host.text(NETWORKD_LINKS.format(index)) or ""
    file = re.search(r"^NETWORK_FILE=(.+)$", text, re.MULTILINE)
    if file:
        return "networkd", file.group(1)
    text = host.text(NM_DEVICES.format(index)) or ""
    if re.search(r"^managed=(true|1)$", text, re.MULTILINE) and "connection-uuid=" in text:
        return "networkmanager", None
    return None, None


def _lease(host, link, client):
    """The lease that counts: of the client in use, unexpired, with option 245, in this order. None without any."""
    found = leases.find(host, link["name"], link["index"])
    if not found:
        return None
    used = LEASES_OF.get(client, leases.CLIENTS)
    best = min(found, key=lambda item: (item["client"] not in used, item["expired"] is True, not item["option_245"]))
    # A saved tree's leases end while it lies on the shelf.
    return best if host.live else dict(best, expired=None)


def _pinned(host, facts, definitions):
    """Hardware addresses that files tie interfaces to: ``[{mac, read_from}]``."""
    found = [{"mac": d.mac, "read_from": d.mac_place} for d in definitions if d.mac]
    try:
        for name in host.names(UDEV_DIRECTORY):
            path = "{0}/{1}".format(UDEV_DIRECTORY, name)
            for number, line in enumerate((host.text(path) or "").splitlines(), 1):
                mac = UDEV_MAC.search(line)
                if mac and not line.lstrip().startswith("#"):
                    found.append({"mac": mac.group(1).lower(), "read_from": "{0}:{1}".format(path, number)})
    except Missing as missing:
        facts.lack("config", missing)
    return found


def _cached(host, name):
    path = "{0}/{1}".format(waagent_conf.load(host).value("Lib.Dir").rstrip("/"), name)
    text = host.text(path, 4096)
    return None if text is None else {"value": text.strip(), "read_from": path}
