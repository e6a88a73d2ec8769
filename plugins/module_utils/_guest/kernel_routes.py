# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The main routing table of IPv4 as the kernel states it."""

import socket
import struct

ROUTES = "/proc/net/route"
RTF_UP, RTF_REJECT = 0x1, 0x200


def read(host):
    """``[{interface, destination, prefix, gateway, metric}]``; the gateway 0.0.0.0 is none."""
    return parse(host.text(ROUTES) or "")


def parse(text):
    found = []
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) < 8 or int(words[3], 16) & (RTF_UP | RTF_REJECT) != RTF_UP:
            continue
        found.append(
            {
                "interface": words[0],
                "destination": _address(words[1]),
                "prefix": bin(int(words[7], 16)).count("1"),
                "gateway": _address(words[2]),
                "metric": int(words[6]),
            }
        )
    return found


def _address(text):
    return socket.inet_ntoa(struct.pack("=I", int(text, 16)))
