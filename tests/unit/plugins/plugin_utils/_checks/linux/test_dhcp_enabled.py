# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import saying, tree
from network_states import CONF, cut_off, dhcp, fabric, imds, probed
from support import advice_of, fix_of, guest, verdict

ID = "dhcp_enabled"
STATIC = dhcp("static", ["10.0.0.4"])


def test_dhcp():
    assert verdict(ID, guest(dhcp=dhcp(), fabric=fabric())).status == "ok"


@pytest.mark.parametrize(
    ("section", "status"),
    [(fabric(), "warn"), (cut_off(), "fail"), (None, "warn")],
)
def test_a_static_address_counts_by_what_is_reached(section, status):
    raw = guest(dhcp=STATIC) if section is None else guest(dhcp=STATIC, fabric=section)
    found = verdict(ID, raw)
    assert found.status == status and "10.0.0.4" in found.why and "10.0.0.4" not in found.key
    assert fix_of(found) == ("guest_dhcp", {})


@pytest.mark.parametrize(
    ("name", "status"), [("wire_unanswered", "fail"), ("wire_no_route", "fail"), ("noexec", "warn")]
)
def test_on_a_disk_the_agents_log_says_whether_the_wire_server_answered(name, status):
    raw = {**tree(saying(name)), "dhcp": STATIC}
    found = verdict(ID, raw)
    assert found.status == status and (status == "warn" or found.evidence[-1].value == "a line")


@pytest.mark.parametrize(("name", "status"), [("wire_no_route", "fail"), ("wire_unanswered", "ok"), ("noexec", "ok")])
def test_nothing_brings_the_interface_up(name, status):
    section = dhcp()
    section["primary"]["waits"] = "/etc/sysconfig/network-scripts/ifcfg-eth0:7"
    found = verdict(ID, {**tree(saying(name)), "dhcp": section})
    assert found.status == status
    if status == "fail":
        assert found.evidence[0].source.endswith("ifcfg-eth0:7") and "ONBOOT=yes" in advice_of(found)


def test_static_discovery_needs_no_dhcp(tmp_path):
    state = probed(tmp_path, {CONF: "Protocol.EndpointDiscovery=static\n"})
    found = verdict(ID, guest(dhcp=STATIC, fabric=cut_off(), conf=state["conf"]))
    assert found.status == "warn" and fix_of(found) == ("guest_dhcp", {})
    state = probed(tmp_path, {CONF: "Protocol.EndpointDiscovery=dhcp\n"})
    assert verdict(ID, guest(dhcp=STATIC, fabric=cut_off(), conf=state["conf"])).status == "fail"


def test_several_addresses_are_configured_statically():
    assert verdict(ID, guest(dhcp=STATIC, fabric=fabric(imds=imds("10.0.0.4", "10.0.0.5")))).status == "ok"


def test_of_several_addresses_only_a_person_knows_the_primary_one():
    found = verdict(ID, guest(dhcp=dhcp("static", ["10.0.0.4", "10.0.0.5"]), fabric=cut_off()))
    assert found.status == "fail" and "(10.0.0.4, 10.0.0.5)" in found.why
    assert advice_of(found).startswith("Let the interface take its primary address by DHCP.")


def test_nothing_says_it():
    assert verdict(ID, guest(dhcp=dhcp(None), fabric=fabric())).status == "ok"
    assert verdict(ID, guest(dhcp=dhcp(None, lease=None), fabric=cut_off())).status == "unknown"
    assert verdict(ID, guest()).status == "unknown"


def test_a_change_on_trial_is_not_taken_for_good():
    section = dhcp()
    section["primary"]["on_trial"] = "/var/lib/vmbackup/journal/night/guard-armed"
    found = verdict(ID, guest(dhcp=section, fabric=fabric()))
    assert found.status == "warn" and "run night is not confirmed" in found.why
    assert fix_of(found) is None and "state=confirmed" in advice_of(found)


def test_network_manager_leaves_the_interface_alone_and_there_was_no_network():
    line = {"text": "device (eth0): state change: unavailable -> unmanaged", "count": 1, "age_s": 9, "read_from": "x"}
    log = {"system_log": {"current": {"interface_not_managed": line}, "crash": None, "read_from": ["x"]}}
    found = verdict(ID, {**tree(saying("wire_no_route"), log), "dhcp": dhcp()})
    assert found.status == "fail" and "unmanaged-devices" in advice_of(found)
    # Another network manager may do it.
    assert verdict(ID, {**tree(log), "dhcp": dhcp()}).status == "ok"
