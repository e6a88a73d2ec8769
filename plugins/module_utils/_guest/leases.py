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

# The agent's own words: it passes a file over that does not have the first, and reads line by line.
DHCLIENT_HEADER = "option unknown-245"
DHCLIENT_OPTION = re.compile(r"\s*option\s+unknown-245\s+([0-9a-fA-F]+):([0-9a-fA-F]+):([0-9a-fA-F]+):([0-9a-fA-F]+);")
DHCLIENT_TIME = "%Y/%m/%d %H:%M:%S"
DHCLIENT_INTERFACE = re.compile(r"\s*interface\s+\"([^\"]*)\"")
DHCLIENT_ADDRESS = re.compile(r"\s*fixed-address\s+([\d.]+)")
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
    """The leases for an interface that are found, the newest of each client; those that clients keep in use first.

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
    for path in _newest_first(host, _dhclient_files(host)):
        last = dhclient(host.text(path, tail=True) or "", path, interface)
        if last:
            found.append(last)
            break
    for path in _newest_first(host, _internal_files(host, interface))[:1]:
        found.append(_internal(host.text(path) or "", path))
    return found


def _newest_first(host, paths):
    """Files by the time at which they were written: of connections that are gone, and from an image, old ones stay."""
    ages = [(host.stat(path), path) for path in paths]
    return [path for _age, path in sorted(((info.st_mtime if info else 0, path) for info, path in ages), reverse=True)]


def _internal_files(host, interface):
    for name in host.names(INTERNAL_DIRECTORY):
        if name.startswith("internal-") and name.endswith("-{0}.lease".format(interface)):
            yield "{0}/{1}".format(INTERNAL_DIRECTORY, name)


def _internal(text, path):
    """NetworkManager's own lease: since its 1.22 only the address, before that what networkd writes."""
    values = dict(line.partition("=")[::2] for line in text.splitlines() if "=" in line)
    option = hex_option(values.get("OPTION_245"))
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
            # A 6 further on is one of a UUID or an interface.
            if re.match(r"dhclient(?!6).*\.leases?\Z", name):
                yield "{0}/{1}".format(directory, name)


def dhclient(text, path, interface):
    """The lease of an interface in dhclient's file that counts for the agent: the last valid one, else the last.

    It knows one spelling of the option and one of the date, in UTC; a lease whose date it cannot read has expired.
    """
    last, valid, current = None, None, _DhclientLease()
    readable = DHCLIENT_HEADER in text
    for line in text.splitlines():
        if line.startswith("lease"):
            current = _DhclientLease()
        elif "expire" in line:
            current.expire(line)
        elif "}" in line:
            if current.interface in (None, interface):
                option = current.option if readable else None
                last = lease("dhclient", path, option, current.expires, True, current.address)
                valid = last if option and not last["expired"] else valid
        else:
            current.take(line)
    return valid or last


class _DhclientLease(object):
    def __init__(self):
        self.option, self.interface, self.address = None, None, None
        self._until, self._never = 0, False

    @property
    def expires(self):
        return "never" if self._never else self._until

    def expire(self, line):
        """Take a date in; one that is over takes none back that is not."""
        if "never" in line:
            self._never = True
            return
        try:
            until = calendar.timegm(time.strptime(line.split(" ", 4)[-1].strip(";"), DHCLIENT_TIME))
        except ValueError:
            return
        self._until = max(self._until, until)

    def take(self, line):
        option = DHCLIENT_OPTION.match(line)
        name, address = DHCLIENT_INTERFACE.match(line), DHCLIENT_ADDRESS.match(line)
        if option and max(map(len, option.groups())) <= 8:
            self.option = ".".join(str(int(part, 16)) for part in option.groups())
        self.interface = name.group(1) if name else self.interface
        self.address = address.group(1) if address else self.address


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
