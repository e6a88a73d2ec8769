# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from network_states import dhcp
from support import guest, verdict

ID = "mac_addresses"


def pins(*macs):
    return dhcp(pinned_macs=[{"mac": mac, "read_from": f"/etc/netplan/50.yaml:{n}"} for n, mac in enumerate(macs)])


def test_present_addresses():
    assert verdict(ID, guest(dhcp=pins())).status == "ok"
    assert verdict(ID, guest(dhcp=pins("00:0d:3a:11:22:33"))).status == "ok"


def test_a_foreign_address():
    found = verdict(ID, guest(dhcp=pins("00:0d:3a:11:22:33", "00:0d:3a:ff:ff:ff")))
    assert found.status == "warn" and [e.value for e in found.evidence] == ["00:0d:3a:ff:ff:ff"]


def test_a_tree_has_no_hardware():
    section = pins("00:0d:3a:ff:ff:ff")
    del section["interfaces"]
    assert verdict(ID, guest(dhcp=section)).status == "unknown"
