# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Which file configures an interface, by what the running service of the network says, and whether it is on trial."""

import os
import re
import socket

from .._guest import trial
from .._guest.host import Host
from . import commands
from .errors import cannot

ROUTES = "vmbackup-routes.conf"
"""The drop-in of a ``.network`` file that has nothing but routes."""


def active_profile(interface, run=commands.run):
    """Return ``(UUID, path)`` of the profile of NetworkManager that is active on an interface, or two times None."""
    out = run(["nmcli", "-t", "-f", "UUID,DEVICE,FILENAME", "connection", "show", "--active"]).out
    for line in out.splitlines():
        uuid, _colon, rest = line.partition(":")
        device, _colon, path = rest.partition(":")
        if device == interface and path.startswith("/"):
            return uuid, path.replace("\\:", ":")
    return None, None


def network_file(interface, root="/"):
    """Return the ``.network`` file by which systemd-networkd configures an interface, or None."""
    try:
        # Not from /sys, which in a container may be that of the machine.
        index = socket.if_nametoindex(interface)
        with open(os.path.join(root, "run/systemd/netif/links", str(index))) as handle:
            match = re.search(r"(?m)^NETWORK_FILE=(\S+)", handle.read())
    except OSError:
        return None
    return match and match.group(1)


def refuse_on_trial(journal):
    """Raise ChangeError while a change of the network is on trial.

    What it wrote may be taken back at any moment: nothing can be said of it, or built on it. And the old configuration
    does not come back over a file that someone else changed meanwhile.
    """
    found = trial.find(Host(), journal.directory)
    if found:
        run_id = os.path.basename(os.path.dirname(found))
        reason = "the change of run '{}' is not confirmed yet, and is reverted unless it is; try again after that"
        raise cannot("change", "the network", reason.format(run_id))
