# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Persistent routes on booted guests: at once, after a boot, and gone to the byte."""

import pytest
from lab.command import wait_until
from lab.hosts import changes

pytestmark = pytest.mark.lab

NAME = "vmbackup.azure.persistent_routes"
ONE, TWO = "20.38.0.0/17", "52.239.140.0/22"
ROUTES = {f"{network} via 10.77.0.1 dev eth0 proto static metric 100" for network in (ONE, TWO)}
CLIENTS = {"networkd": "networkd", "netplan": "networkd", "manager": "NetworkManager"}


def table(guest):
    """The main table; networkd says of its own routes that their gateway is on the link."""
    shown = guest.exec("ip -4 route show").stdout.splitlines()
    return {line.strip().removesuffix(" onlink") for line in shown}


def is_there(guest):
    return table(guest) >= ROUTES


@pytest.mark.parametrize("client", CLIENTS)
def test_at_once_after_a_boot_and_undone(lab, lab_host, client):
    guest = lab_host("trixie", client=client, agent=False)
    before, files, options = table(guest), guest.snapshot("/etc"), {"destinations": [ONE, TWO], "gateway": "10.77.0.1"}

    done = lab.module(guest, NAME, {**options, "run_id": "routes"})
    assert (done["changed"], done["service"], done["interface"]) == (True, CLIENTS[client], "eth0")
    assert table(guest) == before | ROUTES
    assert lab.module(guest, NAME, options)["changed"] is False

    guest.reboot()
    guest.wait_ready()
    wait_until("the routes", lambda: is_there(guest), 30)
    assert lab.module(guest, NAME, options)["changed"] is False

    lab.module(guest, "vmbackup.azure.journal_restore", {"run_id": "routes"})
    assert table(guest) == before
    assert [line for line in changes(files, guest.snapshot("/etc")) if "vmbackup" in line or "eth0" in line] == []
