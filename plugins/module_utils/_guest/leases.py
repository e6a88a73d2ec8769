# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""DHCP leases as the clients write them, and option 245 in them."""

import calendar
import re
import time

CLIENTS = ("networkd", "wicked", "dhcpcd", "dhclient", "networkmanager")
DHCLIENT_DIRECTORIES = ("/var/lib/dhcp", "/var/lib/dhcp3", "/var/lib/dhclient", "/var/lib/NetworkManager")
NETWORKD_DIRECTORY = "/run/systemd/netif/leases"
INTERNAL_DIRECTORY = "/var/lib/NetworkManager"
DHCPCD_FILES = ("/var/lib/dhcpcd/{0}.lease", "/var/lib/dhcpcd5/dhcpcd-{0}.lease", "/var/lib/dhcpcd/dhcpcd-{0}.lease")
WICKED_FILES = ("/var/lib/wicked/lease-{0}-dhcp-ipv4.xml", "/run/wicked/leaseinfo.{0}.dhcp.ipv4")
OPTION = 245
COOKIE = b"\x63\x82\x53\x63"

DHCLIENT_OPTION = re.compile(r"option\s+unknown-245\s+([0-9a-fA-F]{1,2}(?::[0-9a-fA-F]{1,2}){3})\s*;")
DHCLIENT_TEXT = re.compile(r"option\s+unknown-245\s+\"((?:[^\"\\]|\\.)*)\"\s*;")
ESCAPED = re.compile(r"\\([0-7]{3})|\\(.)|(.)", re.DOTALL)
WICKED_ADDRESS = re.compile(r"<address>\s*([\d.]+)|\bIPADDR='?([\d.]+)")
WICKED_OPTION = re.compile(
    r"<(?:unknown-245|option-245)>\s*([0-9a-fA-F:]+)\s*<|<code>245</code>\s*<data>\s*([0-9a-fA-F:]+)\s*<"
)


def lease(client, path, option, expires=None, keeps_options=True, address=None):
    """One lease. ``expires``: seconds since the epoch, "never", or None where the file does not say it."""
    return {
        "client": client,
        "option_245": option,
        "keeps_options": keeps_options,
        "address": address,
        "expires": expires if expires in (None, "never") else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(expires)),
        "expired": None if expires is None else expires != "never" and expires < time.time(),
        "read_from": path,
    }


def find(host, interface, index=None):
    """The leases for an interface that are found, the newest of each file; those that clients keep in use first.

    Without a running system ``index`` is unknown: a single networkd lease is then taken for the interface's.
    """
    found = []
    names = host.names(NETWORKD_DIRECTORY)
    chosen = [str(index)] if index is not None else names if len(names) == 1 else []
    for name in chosen:
        path = "{0}/{1}".format(NETWORKD_DIRECTORY, name)
        text = host.text(path)
        if text is not None:
            found.append(networkd(text, path))
    for path in WICKED_FILES:
        text = host.text(path.format(interface))
        if text is not None:
            # wicked writes what it uses itself, and 245 is not among that.
            option, address = wicked_option(text), _first(WICKED_ADDRESS, text)
            found.append(lease("wicked", path.format(interface), option, None, option is not None, address))
    for path in DHCPCD_FILES:
        data = host.read(path.format(interface))
        if data is not None:
            # A packet is kept whole; versions that write something else do not say what they leave out.
            whole = COOKIE in data[230:260]
            found.append(
                lease("dhcpcd", path.format(interface), packet_option(data), None, whole, packet_address(data))
            )
    for path in _dhclient_files(host):
        last = dhclient(host.text(path, tail=True) or "", path, interface)
        if last:
            found.append(last)
    for name in host.names(INTERNAL_DIRECTORY):
        if name.startswith("internal-") and name.endswith("-{0}.lease".format(interface)):
            found.append(_internal(host.text("{0}/{1}".format(INTERNAL_DIRECTORY, name)) or "", name))
    return found


def _internal(text, name):
    """NetworkManager's own lease: since its 1.22 only the address, before that what networkd writes."""
    values = dict(line.partition("=")[::2] for line in text.splitlines() if "=" in line)
    option = hex_option(values.get("OPTION_245"))
    path = "{0}/{1}".format(INTERNAL_DIRECTORY, name)
    return lease("networkmanager", path, option, None, option is not None, values.get("ADDRESS"))


def _first(pattern, text):
    found = pattern.search(text)
    return next(filter(None, found.groups())) if found else None


def packet_address(data):
    """The address that a raw DHCP answer gives to the client."""
    return ".".join(str(byte) for byte in bytearray(data[16:20])) if COOKIE in data[230:260] else None


def _dhclient_files(host):
    for directory in DHCLIENT_DIRECTORIES:
        for name in host.names(directory):
            if name.startswith("dhclient") and name.endswith((".lease", ".leases")) and "6" not in name.split(".")[0]:
                yield "{0}/{1}".format(directory, name)


def dhclient(text, path, interface):
    """The last lease of an interface in dhclient's file, by the rules of the agent: UTC, unreadable date = expired."""
    last = None
    for block in text.split("lease {")[1:]:
        block = block.split("\n}")[0]
        name = re.search(r"interface\s+\"([^\"]*)\"", block)
        if name and name.group(1) != interface:
            continue
        expire = re.search(r"\bexpire\s+(never|\d\s+[\d/]+\s+[\d:]+|epoch\s+\d+)", block)
        address = re.search(r"fixed-address\s+([\d.]+)", block)
        expires = _expires(expire.group(1)) if expire else 0
        last = lease("dhclient", path, _dhclient_option(block), expires, True, address and address.group(1))
    return last


def _dhclient_option(block):
    colons = DHCLIENT_OPTION.search(block)
    if colons:
        return ".".join(str(int(part, 16)) for part in colons.group(1).split(":"))
    text = DHCLIENT_TEXT.search(block)
    if text:
        # Four bytes that all happen to be printable are written as text, others in it as octal escapes.
        codes = [
            int(octal, 8) if octal else ord(char or plain) for octal, char, plain in ESCAPED.findall(text.group(1))
        ]
        return ".".join(map(str, codes)) if len(codes) == 4 else None
    return None


def _expires(text):
    if text == "never":
        return text
    words = text.split()
    if words[0] == "epoch":
        return int(words[1])
    try:
        return calendar.timegm(time.strptime(" ".join(words[1:]), "%Y/%m/%d %H:%M:%S"))
    except ValueError:
        return 0


def networkd(text, path):
    """A lease file of systemd-networkd; it does not say when the lease ends."""
    values = dict(line.partition("=")[::2] for line in text.splitlines() if "=" in line)
    return lease("networkd", path, hex_option(values.get("OPTION_245")), None, True, values.get("ADDRESS"))


def hex_option(text):
    """``a83f8110`` or ``a8:3f:81:10`` as an address, None for anything else."""
    parts = (text or "").strip().split(":")
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][at : at + 2] for at in (0, 2, 4, 6)]
    try:
        numbers = [int(part, 16) for part in parts]
    except ValueError:
        return None
    return ".".join(map(str, numbers)) if len(numbers) == 4 and max(numbers) < 256 else None


def wicked_option(text):
    found = WICKED_OPTION.search(text)
    return hex_option(found.group(1) or found.group(2)) if found else None


def packet_option(data):
    """Option 245 of a raw DHCP answer (dhcpcd keeps that), or None."""
    at = data.find(COOKIE, 230, 260)
    at = at + 4 if at >= 0 else len(data)
    while at + 1 < len(data) and data[at] != 255:
        if data[at] == 0:
            at += 1
            continue
        length = data[at + 1]
        if data[at] == OPTION and length == 4:
            return ".".join(str(byte) for byte in data[at + 2 : at + 6])
        at += length + 2
    return None
