# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""How each format of network configuration becomes DHCP: its editor, what to do by hand, and who can judge the result.

The distribution's own tool reads a copy before anything is written. What it rejects although it takes the present
files is not written; a tool that is missing, or rejects those as well, says nothing.
"""

import collections
import glob
import os
import tempfile

from ..._guest import dhcpcd_edit, ini_network_edit, interfaces_edit, netplan, netplan_edit, shell_network_edit
from ..._guest.errors import Refused
from ..errors import cannot

Format = collections.namedtuple("Format", "edit by_hand judge")
"""``edit(text, interface)`` gives the new text; ``judge(folder, files, interface, run)`` the Result of a command."""


def edited(file, data, interface):
    """The bytes of a file with DHCP for an interface. Raises ChangeError, with what to do by hand."""
    path, form = file
    try:
        text = form.edit(data.decode("utf-8", "surrogateescape"), interface)
    except Refused as error:
        raise refusal(path, form, error, interface) from None
    return data if text is None else text.encode("utf-8", "surrogateescape")


def refusal(path, form, reason, interface):
    """The error for files that are not edited, with what to do by hand."""
    return cannot("edit", path, "{0}; by hand: {1}".format(reason, form.by_hand.format(interface)))


def judge(files, before, after, interface, run):
    """Raise ChangeError when a tool takes the files as they are `before`, and not as they would be `after`."""
    for form in {form for path, form in files if form.judge and before[path] != after[path]}:
        paths = [path for path, its in files if its is form]
        result = _judged(form, {path: after[path] for path in paths}, interface, run)
        if result.rc != 0 and _judged(form, {path: before[path] for path in paths}, interface, run).rc == 0:
            words = " ".join((result.err or result.out).split())[-500:]
            raise refusal(", ".join(paths), form, "the result would be rejected: " + words, interface)


def _judged(form, files, interface, run):
    with tempfile.TemporaryDirectory(prefix="vmbackup-") as folder:
        return form.judge(folder, files, interface, run)


def _netplan(folder, files, _interface, run):
    others = [path for directory in netplan.DIRECTORIES for path in glob.glob(directory + "/*.yaml")]
    for path in set(others) | set(files):
        if path in files:
            _copy(folder, path, files[path])
        else:
            with open(path, "rb") as handle:
                _copy(folder, path, handle.read())
    return run(["netplan", "generate", "--root-dir", folder])


def _ifquery(folder, files, interface, run):
    results = [
        run(["ifquery", "--no-mappings", "-i", _copy(folder, path, data), interface]) for path, data in files.items()
    ]
    return max(results, key=lambda result: result.rc)


def _nmcli(folder, files, _interface, run):
    copies = [_copy(folder, path, data) for path, data in files.items()]
    # It reads its input, writes what it understood, and needs no running NetworkManager.
    return run(["sh", "-c", 'exec nmcli --offline connection modify < "$1"', "sh", copies[0]])


def _copy(folder, path, data):
    copy = os.path.join(folder, path.lstrip("/"))
    os.makedirs(os.path.dirname(copy), mode=0o700, exist_ok=True)
    with open(os.open(copy, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as handle:
        handle.write(data)
    return copy


NETPLAN = Format(
    netplan_edit.to_dhcp,
    "give {0} 'dhcp4: true', and remove its primary IPv4 address, gateway4 and IPv4 default routes",
    _netplan,
)
IFUPDOWN = Format(
    interfaces_edit.to_dhcp,
    "write 'iface {0} inet dhcp' without address, netmask, gateway and commands for the default route, and further"
    " addresses as 'iface {0}:1 inet static'",
    _ifquery,
)
NETWORKD = Format(
    ini_network_edit.networkd,
    "write 'DHCP=ipv4' below [Network] for {0}, and remove its primary IPv4 address and IPv4 default gateway",
    None,
)
KEYFILE = Format(
    ini_network_edit.keyfile,
    "run 'nmcli connection modify' for {0} with 'ipv4.method auto', its further addresses alone, and no gateway",
    _nmcli,
)
IFCFG = Format(
    shell_network_edit.ifcfg,
    "write 'BOOTPROTO=dhcp' for {0} without GATEWAY and the IPADDR, NETMASK and PREFIX of its primary address",
    None,
)
WICKED = Format(shell_network_edit.wicked, "write BOOTPROTO='dhcp' for {0}, and remove its primary IPv4 address", None)
DHCPCD = Format(
    dhcpcd_edit.to_dhcp, "remove 'static ip_address', 'static routers' and what else prevents DHCP for {0}", None
)
IFROUTE = Format(shell_network_edit.ifroute, "remove the IPv4 default route of {0}", None)
