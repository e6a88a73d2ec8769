# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from agent_states import saying, tree
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from network_states import TIMED_OUT, cut_off, fabric
from support import guest, verdict

ID = "guest_firewall"


def rule(port=80, **changes):
    facts = {
        "port": port,
        "verdict": "drop",
        "chain": "ip filter OUTPUT",
        "rule": "-A OUTPUT -d 168.63.129.16/32 -p tcp -m tcp --dport 80 -j DROP",
        "certain": True,
        "agents_own_table": False,
        **changes,
    }
    return {"blocking": [facts], "read_from": ["iptables-save"]}


def test_both_ports_answer():
    assert verdict(ID, guest(fabric=fabric())).status == "ok"


def test_a_rule_stops_root():
    """WALinuxAgent issue 797."""
    raw = guest(fabric=fabric(wire=TIMED_OUT, firewall=rule()))
    found = verdict(ID, raw)
    assert found.status == "fail" and "--dport 80" in found.why
    assert _registry.diagnose(raw, only=(ID, "wire_http_80", "wire_route"))["first_cause"] == ID


def test_the_agents_table_without_its_rule_for_root():
    found = verdict(ID, guest(fabric=cut_off(firewall=rule(agents_own_table=True))))
    assert found.status == "fail" and "agent's own" in found.why


def test_a_rule_stops_the_answers():
    found = verdict(ID, guest(fabric=cut_off(firewall=rule(rule="policy drop", inbound=True))))
    assert found.status == "fail" and "drops the answers from port 80: policy drop" in found.why


def test_a_rule_that_could_not_be_judged():
    assert verdict(ID, guest(fabric=cut_off(firewall=rule(certain=False)))).status == "warn"


def test_a_rule_for_a_port_that_answers_is_not_to_blame():
    assert verdict(ID, guest(fabric=fabric(plugin=TIMED_OUT, firewall=rule(80)))).status == "ok"


def test_diversion_to_a_local_proxy():
    wire = {"is_version_list": False, "via": "1.1 squid"}
    found = verdict(ID, guest(fabric=fabric(wire=wire, firewall=rule(verdict="redirect"))))
    assert found.status == "fail" and "redirects" in found.why


def test_no_rule_or_rules_that_may_not_be_read():
    none = {"blocking": [], "read_from": ["nft list ruleset"]}
    assert verdict(ID, guest(fabric=cut_off(firewall=none))).status == "ok"
    found = verdict(ID, guest(fabric=cut_off(), missing={"fabric.firewall": "root"}))
    assert found.status == "unknown" and "needs root" in found.why


def test_saved_rules_of_a_disk():
    raw = tree()
    raw["fabric"] = {"firewall": rule()}
    assert verdict(ID, raw).status == "warn"
    raw = tree(saying("wire_unanswered"))
    raw["fabric"] = {"firewall": rule()}
    assert verdict(ID, raw).status == "fail"
    # A rule of the agent's own table that stops root lacks the one that spares it.
    raw["fabric"] = {"firewall": rule(agents_own_table=True)}
    assert verdict(ID, raw).status == "fail"
    working = tree()
    working["fabric"] = raw["fabric"]
    assert verdict(ID, working).status == "ok"
    assert verdict(ID, tree()).status == "unknown"


def logged(name, age_s):
    line = {"text": "kernel: DROP OUT=eth0 DST=168.63.129.16", "count": 1, "age_s": age_s, "read_from": "/var/log/x"}
    return {"system_log": {"current": {name: line}, "crash": None, "read_from": ["/var/log/x"]}}


@pytest.mark.parametrize("name", ["filter_dropped", "connections_table_full"])
def test_what_the_filter_of_a_disk_logged(name):
    silent = saying("wire_unanswered")
    found = verdict(ID, tree(silent, logged(name, 60)))
    assert found.status == "fail" and "dropped packets" in found.why
    assert verdict(ID, tree(silent, logged(name, 86400))).status == "unknown"
    assert verdict(ID, tree(logged(name, 60))).status == "unknown"


def test_a_ban_counts_until_it_ends():
    assert verdict(ID, tree(saying("wire_unanswered"), logged("address_banned", 86400))).status == "fail"
    assert verdict(ID, tree(logged("address_banned", 60))).status == "unknown"
