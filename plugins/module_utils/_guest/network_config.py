# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""How files configure network interfaces, for each of the configuration systems of the distributions."""

import fnmatch
import re
import stat

from . import dhcpcd as dhcpcd_file
from . import interfaces, unit_files
from . import netplan as netplan_files
from .errors import Refused
from .host import Missing
from .masking import mask

NETWORKD = ("/etc/systemd/network", "/run/systemd/network", "/usr/lib/systemd/network", "/lib/systemd/network")
KEYFILES = ("/etc/NetworkManager/system-connections", "/run/NetworkManager/system-connections")
IFCFG = ("/etc/sysconfig/network-scripts", "/etc/sysconfig/network")
INTERFACES = "/etc/network/interfaces"
SOURCED = re.compile(r"/[A-Za-z0-9_-]+\Z")
MAX_SOURCED = 256
DHCPCD = "/etc/dhcpcd.conf"
# Without its default route alone, DHCP still gives the one to the wire server.
NO_ROUTES = ("ipv4", "ignore-auto-routes")
AUTOCONNECT = ("connection", "autoconnect")
ALLOWED = re.compile(r"allow-").match
UP = ("pre-up", "up", "post-up")
DHCP_CLIENTS = ("dhclient", "dhcpcd", "udhcpc")
ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?\Z")
ADDS_ADDRESS = re.compile(r"(?:/\w{1,9}/|/\w{1,9}/\w{1,9}/)?(?:ip (?:-4 )?a(?:ddr(?:ess)?)? (?:add|replace)|ifconfig) ")
NOT_BY_ITSELF = ("false", "no", "off", "0")
LEFT_DOWN = {
    ("Link", "Unmanaged"): ("yes", "true", "1", "on"),
    ("Link", "ActivationPolicy"): ("manual", "down", "always-down"),
}
"""Settings of networkd, and their values with which an interface stays down."""
AT_BOOT = {"ONBOOT": NOT_BY_ITSELF, "STARTMODE": ("off", "manual")}
"""Keys of ifcfg of Red Hat and of SUSE, and their values with which an interface stays down."""
# By their ends NetworkManager knows backups of editors, certificates, and drafts of a file that is written anew.
IGNORED_KEYFILE = re.compile(r"(?:~|\.swpx?|\.pem|\.der|\.[a-z0-9]{6})\Z", re.IGNORECASE)
IGNORED_IFCFG = (".bak", ".orig", ".rpmnew", ".rpmorig", ".rpmsave", "~", ".template")


class Definition(object):
    """What one place says of the interfaces it is for: those whose name matches, or that have the hardware address.

    ``no_routes``: the place that refuses the routes of DHCP, or None. ``waits``: the place that leaves the interface
    down until somebody brings it up, or None.
    ``method``: dhcp, static or None (neither). ``system``: netplan, networkd, networkmanager, ifcfg, ifupdown, dhcpcd.
    """

    def __init__(self, system, name, mac, method, addresses, place, mac_place=None, certain=True):
        self.system, self.name, self.method, self.place = system, name, method, place
        # Masked as it is written: a secret in its place might not be known for one afterwards.
        self.mac = mask(mac).lower().replace("-", ":") if mac else None
        self.addresses = [address.split("/")[0] for address in addresses]
        self.mac_place, self.certain = mac_place or place, certain
        self.no_routes = self.waits = None

    def is_for(self, name, mac=None):
        if self.mac and mac:
            return self.mac == mac.lower()
        return bool(self.name) and any(fnmatch.fnmatchcase(name, pattern) for pattern in self.name.split())


def netplan(host):
    """What netplan has brought up at boot."""
    return [one for one in _netplan(host) if not one.waits]


def _netplan(host):
    paths = unit_files.fragments(host, netplan_files.DIRECTORIES, ".yaml")
    for item in _netplan_items(host, paths):
        places = item["places"]
        method = "dhcp" if item["dhcp4"] else "static" if item["addresses"] else None
        place = places.get("addresses" if method == "static" else "dhcp4") or next(iter(places.values()), paths[0])
        name = item["name"] or (None if item["mac"] else item["id"])
        found = Definition("netplan", name, item["mac"], method, item["addresses"], place, places.get("mac"))
        found.no_routes, found.waits = item["no_routes"], item["waits"]
        yield found


def _netplan_items(host, paths):
    found = {}
    for path in paths:
        try:
            netplan_files.read(found, path, host.text(path) or "")
        except Refused as error:
            raise Missing("Cannot read '{0}': {1}".format(path, error)) from None
    return [item for item in found.values() if item["kind"] == "ethernets"]


def networkd(host):
    """What networkd manages and brings up."""
    return [one for one in _networkd(host) if not one.waits]


def _networkd(host):
    for path in unit_files.fragments(host, NETWORKD, ".network"):
        yield _network_file(path, unit_files.parse(host.text(path) or "", path))


def _network_file(path, settings):
    match, mac, other, dhcp, addresses, lines, no_routes, waits = [], None, False, None, [], {}, None, {}
    for setting in settings:
        where = (setting.section, setting.key)
        lines.setdefault(where, setting.line)
        if where == ("Match", "Name"):
            match.extend(setting.value.split())
        elif where in (("Match", "MACAddress"), ("Match", "PermanentMACAddress")):
            mac = setting.value.split()[0] if setting.value else None
        elif setting.section == "Match" and where != ("Match", "Type"):
            other = True
        elif where == ("Network", "DHCP"):
            dhcp = setting.value.lower() in ("yes", "true", "1", "on", "ipv4", "both")
        elif where in LEFT_DOWN:
            waits[where] = setting.line if setting.value.lower() in LEFT_DOWN[where] else None
        elif setting.key == "UseRoutes" and setting.section in ("DHCPv4", "DHCP"):
            no_routes = "{0}:{1}".format(path, setting.line) if setting.value.lower() in NOT_BY_ITSELF else None
        elif setting.key == "Address" and setting.section in ("Network", "Address") and ":" not in setting.value:
            addresses.append(setting.value)
    method = "dhcp" if dhcp else "static" if addresses else None
    deciding = ("Network", "DHCP") if method == "dhcp" else ("Network", "Address")
    line = lines.get(deciding) or lines.get(("Address", "Address")) or 1
    name = " ".join(match) or (None if mac or other else "*")
    place, mac_line = "{0}:{1}".format(path, line), lines.get(("Match", "MACAddress"), 1)
    found = Definition("networkd", name, mac, method, addresses, place, "{0}:{1}".format(path, mac_line), not other)
    found.no_routes = no_routes
    down = [line for line in waits.values() if line]
    found.waits = "{0}:{1}".format(path, down[0]) if down else None
    return found


def waiting(host):
    """What configures an interface only once somebody brings it up."""
    readers = (_netplan, _networkd, _keyfiles, _ifcfg, _ifupdown)
    return [one for reader in readers for one in reader(host) if one.waits]


def keyfiles(host):
    """What NetworkManager applies by itself: a profile that waits for somebody to bring it up configures nothing."""
    return [one for one in _keyfiles(host) if not one.waits]


def _keyfiles(host):
    paths = [path for directory in KEYFILES for path in unit_files.fragments(host, [directory], "")]
    for path in paths:
        if IGNORED_KEYFILE.search(path) or not _is_private(host, path):
            continue
        settings = {(s.section, s.key): s for s in unit_files.parse(host.text(path) or "", path)}
        value = {where: setting.value for where, setting in settings.items()}
        if value.get(("connection", "type"), "ethernet") not in ("ethernet", "802-3-ethernet"):
            continue
        mac = value.get(("ethernet", "mac-address")) or value.get(("802-3-ethernet", "mac-address"))
        method = {"auto": "dhcp", "manual": "static"}.get(value.get(("ipv4", "method"), "auto"))
        addresses = [text.split(",")[0] for where, text in value.items() if _is_address(where)]
        name = value.get(("connection", "interface-name")) or (None if mac else "*")
        line = settings[("ipv4", "method")].line if ("ipv4", "method") in settings else 1
        found = Definition("networkmanager", name, mac, method, addresses, "{0}:{1}".format(path, line))
        refusing = [s for where, s in settings.items() if where == NO_ROUTES and s.value.lower() == "true"]
        found.no_routes = "{0}:{1}".format(path, refusing[0].line) if refusing else None
        if value.get(AUTOCONNECT, "true").lower() in NOT_BY_ITSELF:
            found.waits = "{0}:{1}".format(path, settings[AUTOCONNECT].line)
        yield found


def _is_private(host, path):
    """NetworkManager leaves out what others may read or write. Of a tree elsewhere, owner and mode say nothing."""
    info = host.stat(path)
    return not host.live or (info is not None and info.st_uid == 0 and not info.st_mode & 0o077)


def _is_address(where):
    return where[0] == "ipv4" and where[1].startswith("address") and where[1][7:].isdigit()


def ifcfg(host):
    """What is applied at boot."""
    return [one for one in _ifcfg(host) if not one.waits]


def _ifcfg(host):
    for directory in IFCFG:
        for name in host.names(directory):
            if name.startswith("ifcfg-") and name != "ifcfg-lo" and not name.endswith(IGNORED_IFCFG):
                path = "{0}/{1}".format(directory, name)
                yield _ifcfg_file(path, host.text(path) or "")


def _ifcfg_file(path, text):
    value, lines = {}, {}
    for number, line in enumerate(text.splitlines(), 1):
        key, mark, rest = line.strip().partition("=")
        if mark and not key.startswith("#"):
            value[key], lines[key] = rest.split("#")[0].strip(" \"'"), number
    addresses = [
        value[key] for key in sorted(value) if key.startswith("IPADDR") and value[key] and ":" not in value[key]
    ]
    protocol = value.get("BOOTPROTO", "").lower()
    method = "dhcp" if protocol.startswith(("dhcp", "bootp")) else "static" if addresses else None
    line = lines.get("BOOTPROTO" if method == "dhcp" or not addresses else "IPADDR") or lines.get("BOOTPROTO") or 1
    place = "{0}:{1}".format(path, line)
    mac_place = "{0}:{1}".format(path, lines.get("HWADDR", 1))
    name = value.get("DEVICE") or path.rpartition("ifcfg-")[2]
    found = Definition("ifcfg", name, value.get("HWADDR"), method, addresses, place, mac_place)
    refused = value.get("PEERROUTES", "yes").lower() in NOT_BY_ITSELF
    found.no_routes = "{0}:{1}".format(path, lines["PEERROUTES"]) if refused else None
    down = [lines[key] for key, values in AT_BOOT.items() if value.get(key, "").lower() in values]
    found.waits = "{0}:{1}".format(path, down[0]) if down else None
    return found


def ifupdown(host):
    for path in interfaces_files(host):
        yield from parse_interfaces(host.text(path) or "", path)


def _ifupdown(host):
    texts = [host.text(path) or "" for path in interfaces_files(host)]
    words = [statement.words for text in texts for statement in interfaces.statements(text)]
    up = [name.lstrip("/") for line in words if line and (line[0] == "auto" or ALLOWED(line[0])) for name in line[1:]]
    for found in ifupdown(host):
        if not any(fnmatch.fnmatchcase(found.name, pattern) for pattern in up):
            found.waits = found.place
        yield found


def interfaces_files(host):
    """The files that ifupdown reads: its own, and those that a line of one of them names."""
    found, ahead = [], [INTERFACES]
    while ahead and len(found) < MAX_SOURCED:
        path = ahead.pop(0)
        if path not in found:
            found.append(path)
            statements = interfaces.statements(host.text(path) or "")
            ahead = [name for statement in statements for name in _sourced(host, path, statement.words)] + ahead
    return found


def _sourced(host, path, words):
    if words[:1] == ["source"]:
        named = words[1:]
    elif words[:1] in (["source-directory"], ["source-dir"]):
        folders = [folder for word in words[1:] for folder in _matching(host, path, word)]
        named = ["{0}/{1}".format(folder, name) for folder in folders for name in _names(host, folder)]
        named = [file for file in named if SOURCED.search(file)]
    else:
        return []
    files = [file for word in named for file in _matching(host, path, word)]
    return [file for file in files if stat.S_ISREG(host.stat(file).st_mode)]


def _matching(host, path, word):
    """What is there of the names that a pattern of the shell in a file stands for."""
    pattern = word.strip("\"'")
    found = [""] if pattern.startswith("/") else [path.rpartition("/")[0]]
    for part in pattern.strip("/").split("/"):
        if set(part) & set("*?["):
            pairs = ((folder, name) for folder in found for name in fnmatch.filter(_names(host, folder), part))
            found = ["{0}/{1}".format(folder, name) for folder, name in pairs]
        else:
            found = ["{0}/{1}".format(folder, part) for folder in found]
        found = found[:MAX_SOURCED]
    return [name for name in found if host.exists(name)]


def _names(host, folder):
    info = host.stat(folder or "/")
    names = host.names(folder or "/") if info is not None and stat.S_ISDIR(info.st_mode) else []
    return [name for name in names if not name.startswith(".")]


def parse_interfaces(text, path=INTERFACES):
    """The IPv4 stanzas of ``/etc/network/interfaces`` but the loopback's."""
    found, current = [], None
    for statement in interfaces.statements(text):
        words, name = statement.words, statement.interface()
        if statement.begins_stanza():
            current = None
        if name and words[3] != "loopback":
            method = words[3] if words[3] in ("dhcp", "static") else None
            current = Definition("ifupdown", name, None, method, [], "{0}:{1}".format(path, statement.number))
            found.append(current)
        elif words[:1] == ["address"] and current is not None and len(words) > 1:
            current.addresses.append(words[1].split("/")[0])
        elif words[:1] and words[0] in UP and current is not None and current.method is None:
            _by_command(current, words[1:])
    return found


def _by_command(definition, words):
    """What a command makes of an interface that ifupdown itself leaves alone (method manual)."""
    address = next((word.split("/")[0] for word in words if ADDRESS.match(word)), None)
    if words and words[0].rpartition("/")[2] in DHCP_CLIENTS:
        definition.method = "dhcp"
    elif address and words[:1] and ADDS_ADDRESS.match(" ".join(words)):
        definition.method = "static"
        definition.addresses.append(address)


def dhcpcd(host):
    found, current = [], None
    for line in dhcpcd_file.lines(host.text(DHCPCD) or ""):
        kind, name = line.block or ("interface", "*")
        is_static = kind == "interface" and line.setting and line.setting[0] == "ip_address"
        if kind == "interface" and name and (line.option == kind or (is_static and current is None)):
            current = Definition("dhcpcd", name, None, "dhcp", [], "{0}:{1}".format(DHCPCD, line.number))
            found.append(current)
        if is_static and current is not None:
            current.method, current.place = "static", "{0}:{1}".format(DHCPCD, line.number)
            current.addresses.append(line.setting[1].split("/")[0])
    return found
