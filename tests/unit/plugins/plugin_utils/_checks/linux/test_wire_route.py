# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying, tree
from network_states import cut_off, fabric, imds
from support import guest, verdict

ID = "wire_route"


def test_reached_whatever_the_way():
    assert verdict(ID, guest(fabric=fabric(route={"interface": "eth1", "source_secondary": True}))).status == "ok"


def test_the_usual_way_is_not_to_blame():
    assert verdict(ID, guest(fabric=cut_off())).status == "ok"


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ({"interface": "eth1", "explicit": "eth1", "gateway": None}, "a route for this address"),
        ({"interface": "eth1", "explicit": None}, "a rule or route of its own"),
        (
            {
                "interface": "eth1",
                "explicit": None,
                "default_interface": "eth1",
                "addressed_interfaces": ["eth0", "eth1"],
            },
            "only those from the primary interface",
        ),
        ({"source": "10.0.0.5", "source_secondary": True}, "secondary address"),
        ({"interface": None, "source": None, "error": "network is unreachable"}, "network is unreachable"),
    ],
)
def test_the_wrong_way(route, words):
    """WALinuxAgent issues 190 and 968."""
    found = verdict(ID, guest(fabric=cut_off(route=route)))
    assert found.status == "fail" and words in found.why


def test_imds_knows_the_primary_address():
    assert verdict(ID, guest(fabric=cut_off(imds=imds("10.0.0.9")))).status == "fail"
    assert verdict(ID, guest(fabric=cut_off(imds=imds("10.0.0.4")))).status == "ok"


def test_unproved_and_missing():
    raw = guest(fabric=cut_off(route={"interface": "eth1"}))
    raw["privileged"] = False
    assert verdict(ID, raw).status == "unknown"
    assert verdict(ID, guest()).status == "unknown"


def test_the_agents_last_word_counts_on_a_disk():
    assert verdict(ID, tree(saying("wire_no_route"))).status == "fail"
    assert verdict(ID, tree()).status == "unknown"
    assert verdict(ID, healthy(saying("wire_no_route"))).status == "unknown"


def test_a_route_of_the_configuration_counts_where_the_wire_server_did_not_answer():
    line = "/etc/sysconfig/network/ifroute-eth1:1: 168.63.129.16/32 10.2.0.1 - eth1"
    silent, working = tree(saying("wire_unanswered")), tree()
    for raw in (silent, working):
        raw["fabric"] = {"saved_routes": [line]}
    found = verdict(ID, silent)
    assert found.status == "fail" and found.evidence[0].value == line
    assert verdict(ID, working).status == "unknown"


@pytest.mark.parametrize("name", ["tunnel_for_everything", "tunnel_of_ipsec"])
def test_a_tunnel_counts_where_the_wire_server_did_not_answer(name):
    line = {"text": "openvpn[9]: /sbin/route add -net 0.0.0.0 netmask 128.0.0.0 gw 10.8.0.5", "count": 2, "age_s": 60}
    log = {"system_log": {"current": {name: dict(line, read_from="/var/log/messages")}}}
    found = verdict(ID, tree(saying("wire_unanswered"), log))
    assert found.status == "fail" and found.evidence[0].value == line["text"]
    assert verdict(ID, tree(log)).status == "unknown"
