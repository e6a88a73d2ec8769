# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Names of Azure Storage to which the hosts file gives an address: no name server is asked for them."""

import re

PATH = "/etc/hosts"
LIMIT = 1 << 16
MOST = 8
OF_STORAGE = re.compile(r"[a-z0-9.-]{1,80}\.blob\.(?:core|storage)\.[a-z.]{4,40}\.?\Z")


def read(host):
    """``[{name, address, read_from}]`` in the order of the file."""
    return pins((host.read(PATH, LIMIT) or b"").decode("utf-8", "replace"), PATH)


def pins(text, path):
    """As above, of the text of a hosts file."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].lower().split()
        for name in words[1:]:
            if OF_STORAGE.match(name) and len(found) < MOST:
                place = "{0}:{1}".format(path, number)
                found.append({"name": name.rstrip("."), "address": words[0][:45], "read_from": place})
    return found
