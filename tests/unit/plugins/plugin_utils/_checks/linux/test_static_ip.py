# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from network_states import dhcp, fabric, imds
from support import advice_of, fix_of, guest, verdict

ID = "static_ip"


def test_dhcp_only():
    assert verdict(ID, guest(dhcp=dhcp())).status == "ok"


def test_a_static_address_follows_from_no_dhcp():
    raw = guest(dhcp=dhcp("static", ["10.0.0.4"]), fabric=fabric())
    found = verdict(ID, raw)
    assert (found.status, fix_of(found)) == ("warn", ("guest_dhcp", {}))
    assert _registry.diagnose(raw, only=(ID, "dhcp_enabled"))["first_cause"] == "dhcp_enabled"


def test_the_leased_address_is_written_down_as_well():
    found = verdict(ID, guest(dhcp=dhcp("dhcp", ["10.0.0.4"])))
    assert found.status == "warn" and advice_of(found).startswith("Remove the primary address")
    assert verdict(ID, guest(dhcp=dhcp("dhcp", ["10.0.0.99"]))).status == "ok"


def test_several_addresses_of_the_platform():
    raw = guest(dhcp=dhcp("static", ["10.0.0.4", "10.0.0.5"]), fabric=fabric(imds=imds("10.0.0.4", "10.0.0.5")))
    assert verdict(ID, raw).status == "ok"


def test_missing():
    assert verdict(ID, guest()).status == "unknown"
