# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Persistent routes on booted guests: at once, after a boot, and gone to the byte."""

import json

import pytest
from lab.command import wait_until
from lab.hosts import changes

pytestmark = pytest.mark.lab

NAME, RUN = "vmbackup.azure.persistent_routes", "method-a"
ONE, TWO = "20.38.0.0/17", "52.239.140.0/22"
ROUTES = {f"{network} via 10.77.0.1 dev eth0 proto static metric 100" for network in (ONE, TWO)}


class Way:
    """A booted guest, and how it was before: its routes and its files."""

    def __init__(self, guest):
        self.guest, self.table, self.files = guest, table(guest), guest.snapshot("/etc")

    def changes(self):
        found = changes(self.files, self.guest.snapshot("/etc"))
        return [line for line in found if "vmbackup" in line or "network" in line.lower()]

    def assert_there_after_a_boot(self):
        assert table(self.guest) == self.table | ROUTES
        self.guest.reboot()
        self.guest.wait_ready()
        wait_until("the routes", lambda: table(self.guest) >= ROUTES)

    def assert_as_before(self):
        assert table(self.guest) == self.table and self.changes() == []


def table(guest):
    """The main table; networkd says of its own routes that their gateway is on the link."""
    shown = guest.exec("ip -4 route show").stdout.splitlines()
    return {line.strip().removesuffix(" onlink") for line in shown}


def test_a_profile_of_network_manager(lab, lab_host):
    guest = lab_host("trixie", client="manager", agent=False)
    way, options = Way(guest), {"destinations": [TWO, ONE], "run_id": RUN}
    done = lab.module(guest, NAME, options)
    assert (done["changed"], done["service"], done["interface"]) == (True, "NetworkManager", "eth0")
    assert lab.module(guest, NAME, options)["changed"] is False
    way.assert_there_after_a_boot()
    assert lab.module(guest, NAME, options)["changed"] is False
    lab.module(guest, "vmbackup.azure.journal_restore", {"run_id": RUN})
    way.assert_as_before()


def test_the_playbook_on_networkd_below_netplan(lab, lab_host, tmp_path):
    guest = lab_host("trixie", client="netplan", agent=False)
    way, tags = Way(guest), tmp_path / "ServiceTags_Public.json"
    listed = {"addressPrefixes": ["20.38.0.0/18", "20.38.64.0/18", TWO, "2603:1000::/46"]}
    tags.write_text(json.dumps({"values": [{"name": "Storage.WestEurope", "properties": listed}]}))
    given = {
        "network_path_hosts": guest.name,
        "network_path_service_tags": "storage.westeurope",
        "network_path_service_tags_file": str(tags),
        "network_path_run_id": RUN,
    }

    def play(*arguments):
        return lab.playbook("vmbackup.azure.network_path", hosts=[guest], extra_vars=given, arguments=arguments)

    shown = play("--check", "--diff").stdout
    assert f"+{ONE} via 10.77.0.1 metric 100" in shown and f"+Destination={TWO}" in shown
    way.assert_as_before()
    shown = " ".join(play().stdout.split())
    assert "reaches Azure. To undo: ansible-playbook vmbackup.azure.undo -i " in shown and f"undo_run_id={RUN}" in shown
    assert play().changed() == []
    way.assert_there_after_a_boot()
    lab.playbook("vmbackup.azure.undo", hosts=[guest], extra_vars={"undo_run_id": RUN})
    way.assert_as_before()
