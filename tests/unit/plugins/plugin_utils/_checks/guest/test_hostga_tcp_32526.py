# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import healthy, saying, tree
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from network_states import TIMED_OUT, cut_off, fabric
from support import advice_of, guest, verdict
from windows_states import UNREACHED, edited

ID = "hostga_tcp_32526"


def test_it_answers():
    assert verdict(ID, guest(fabric=fabric())).status == "ok"


@pytest.mark.parametrize("status", [200, 404, None])
def test_a_connection_is_enough(status):
    assert verdict(ID, guest(fabric=fabric(plugin={"status": status}))).status == "ok"


def test_it_answers_with_an_error_of_its_own():
    found = verdict(ID, guest(fabric=fabric(plugin={"status": 503})))
    assert found.status == "warn" and "status 503" in found.why
    assert "nothing in the guest" in advice_of(found)


def test_it_answers_late():
    assert verdict(ID, guest(fabric=fabric(plugin={"seconds": 3.2}))).status == "ok"
    assert verdict(ID, guest(fabric=fabric(plugin={"seconds": 4.1}))).status == "warn"


def test_only_this_port_is_closed():
    """WALinuxAgent issue 1596: port 80 answers, status does not get out."""
    raw = guest(fabric=fabric(plugin=TIMED_OUT, firewall={"blocking": [], "read_from": "nft list ruleset"}))
    found = _registry.diagnose(raw, only=(ID, "wire_http_80", "guest_firewall", "wire_route"))
    assert (found["verdict"], found["first_cause"]) == ("blocked", ID)


def test_it_follows_from_the_wire_server():
    found = _registry.diagnose(guest(fabric=cut_off()), only=(ID, "wire_http_80"))
    assert found["first_cause"] == "wire_http_80"
    assert next(f for f in found["findings"] if f["id"] == ID)["consequence_of"] == "wire_http_80"


def test_without_root_a_refusal_proves_nothing():
    raw = guest(fabric=cut_off())
    raw["privileged"] = False
    assert verdict(ID, raw).status == "unknown"


def test_missing():
    assert verdict(ID, guest()).status == "unknown"


def test_the_agents_last_word_counts_on_a_disk():
    assert verdict(ID, tree(saying("host_plugin_unreachable"))).status == "fail"
    assert verdict(ID, tree(saying("vm_settings_unanswered"))).status == "fail"
    assert verdict(ID, tree()).status == "unknown"
    assert verdict(ID, healthy(saying("host_plugin_unreachable"))).status == "unknown"


def test_windows():
    assert verdict(ID, edited({})).status == "ok"
    assert verdict(ID, edited(UNREACHED)).status == "fail"
