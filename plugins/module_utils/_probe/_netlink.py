# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Asks the kernel for its IPv4 addresses and for the route it would take. Sends nothing on any network."""

import os
import socket
import struct

from .._guest.host import Missing

RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE = 18, 22, 26
NLMSG_ERROR, NLMSG_DONE = 2, 3
REQUEST, DUMP = 1, 0x300
IFLA_ADDRESS, IFLA_IFNAME, IFLA_MASTER = 1, 3, 10
IFF_UP, IFF_LOOPBACK, IFF_RUNNING = 0x1, 0x8, 0x40
IFA_ADDRESS, IFA_LOCAL = 1, 2
IFA_F_SECONDARY = 1
RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PREFSRC = 1, 4, 5, 7


def links():
    """Interfaces but the loopback as ``[{name, index, mac, up, master}]``; ``master``: index of the one above it.

    sysfs would show those of the namespace it was mounted in.
    """
    found = []
    for body in _ask(RTM_GETLINK, REQUEST | DUMP, struct.pack("=BBHiII", socket.AF_UNSPEC, 0, 0, 0, 0, 0)):
        index, flags = struct.unpack_from("=iI", body, 4)
        attributes = _attributes(body[16:])
        if flags & IFF_LOOPBACK or IFLA_IFNAME not in attributes:
            continue
        mac, master = attributes.get(IFLA_ADDRESS, b""), attributes.get(IFLA_MASTER)
        found.append(
            {
                "name": attributes[IFLA_IFNAME].rstrip(b"\0").decode("utf-8", "replace"),
                "index": index,
                "mac": ":".join("{0:02x}".format(byte) for byte in mac) if len(mac) == 6 else None,
                "up": bool(flags & IFF_UP and flags & IFF_RUNNING),
                "master": struct.unpack("=I", master)[0] if master else None,
            }
        )
    return found


def addresses():
    """IPv4 addresses as ``[{interface, address, prefix, secondary}]``, in the kernel's order."""
    found = []
    for body in _ask(RTM_GETADDR, REQUEST | DUMP, struct.pack("=BBBBI", socket.AF_INET, 0, 0, 0, 0)):
        _family, prefix, flags, _scope, index = struct.unpack_from("=BBBBI", body)
        attributes = _attributes(body[8:])
        address = attributes.get(IFA_LOCAL) or attributes.get(IFA_ADDRESS)
        if address:
            found.append(
                {
                    "interface": _name(index),
                    "address": socket.inet_ntoa(address),
                    "prefix": prefix,
                    "secondary": bool(flags & IFA_F_SECONDARY),
                }
            )
    return found


def route(address):
    """``{interface, gateway, source}`` of packets to ``address``, by all rules and tables.

    Raises OSError when the kernel has no route.
    """
    head = struct.pack("=BBBBBBBBI", socket.AF_INET, 32, 0, 0, 0, 0, 0, 0, 0)
    target = struct.pack("=HH4s", 8, RTA_DST, socket.inet_aton(address))
    for body in _ask(RTM_GETROUTE, REQUEST, head + target):
        attributes = _attributes(body[12:])
        return {
            "interface": _name(struct.unpack("=I", attributes[RTA_OIF])[0]) if RTA_OIF in attributes else None,
            "gateway": _text(attributes.get(RTA_GATEWAY)),
            "source": _text(attributes.get(RTA_PREFSRC)),
        }
    raise Missing("Cannot ask the kernel for its route: no answer")


def _ask(kind, flags, payload):
    """The bodies of the kernel's answers to one request."""
    try:
        channel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    except (AttributeError, OSError) as error:
        raise Missing("Cannot ask the kernel for addresses and routes: {0}".format(error)) from error
    try:
        channel.settimeout(2)
        channel.send(struct.pack("=IHHII", 16 + len(payload), kind, flags, 1, 0) + payload)
        while True:
            data = channel.recv(1 << 16)
            while data:
                length, answer, _flags, _number, _pid = struct.unpack_from("=IHHII", data)
                body, data = data[16:length], data[(length + 3) & ~3 :]
                if answer == NLMSG_DONE:
                    return
                if answer == NLMSG_ERROR:
                    code = -struct.unpack_from("=i", body)[0]
                    raise OSError(code, os.strerror(code))
                yield body
            if not flags & DUMP:
                return
    finally:
        channel.close()


def _attributes(data):
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack_from("=HH", data)
        if length < 4:
            break
        found[kind & 0x3FFF] = data[4:length]
        data = data[(length + 3) & ~3 :]
    return found


def _name(index):
    try:
        return socket.if_indextoname(index)
    except OSError:
        return str(index)


def _text(address):
    return None if address is None else socket.inet_ntoa(address)
