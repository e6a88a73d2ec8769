# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._evaluate import VERDICTS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._groups import (
    cause_text,
    further_causes,
    groups,
    headline,
    share,
)
from report_fleet import GENERATED, host

STOPPED = ("agent_service_running", "fail", "The agent's service is stopped", None, "waagent_service", "inactive")
NO_RESTART = ("agent_auto_restart", "warn", "The service stays down after a crash", None, None, "no")
OPEN = ("hostga_tcp_32526", "unknown", "Missing fact fabric.hostga: needs root", None, None, None)


def _report(*hosts):
    return report(hosts, GENERATED, "1.0.0")


def test_each_host_that_is_not_ready_is_in_one_group(some_hosts):
    grouped = [name for group in groups(some_hosts) for name in group.hosts]
    assert sorted(grouped) == sorted(one["host"] for one in some_hosts["hosts"] if one["verdict"] != "ready")


def test_causes_that_stop_a_backup_come_before_larger_groups_that_may(some_hosts):
    found = groups(some_hosts)
    kinds = [group.kind for group in found]
    assert kinds == sorted(kinds, key=["blocked", "no_state", "undecided", "at_risk"].index)
    assert len(found[0].hosts) < max(len(group.hosts) for group in found)
    sizes = [len(group.hosts) for group in found if group.kind == "blocked"]
    assert sizes == sorted(sizes, reverse=True)


def test_a_group_names_condition_and_remedy():
    (group,) = groups(_report(host("a", "blocked", [STOPPED]), host("b", "blocked", [STOPPED])))
    assert (group.id, group.title, group.remedy) == (
        "agent_service_running",
        "The agent's service runs",
        "waagent_service",
    )
    assert group.hosts == ("a", "b")


def test_undecided_hosts_are_grouped_by_what_is_missing():
    found = groups(_report(host("a", "unknown", [OPEN]), host("b", "unknown", [OPEN]), host("c", "ready", [])))
    assert [(group.kind, group.text, group.hosts) for group in found] == [("undecided", OPEN[2], ("a", "b"))]


def test_an_undecided_host_with_a_warning_stays_with_its_cause():
    (group,) = groups(_report(host("a", "unknown", [NO_RESTART, OPEN])))
    assert (group.kind, group.id) == ("at_risk", "agent_auto_restart")


def test_failed_hosts_are_grouped_by_their_reason():
    lost = [{"host": name, "verdict": "unknown", "reason": "no Python"} for name in "ab"]
    (group,) = groups(_report(*lost))
    assert (group.kind, group.text, group.hosts) == ("no_state", "No diagnosis: no Python", ("a", "b"))


def test_cause_text():
    lost = {"host": "b", "verdict": "unreachable", "reason": "timed out"}
    hosts = [host("a", "blocked", [STOPPED]), lost, host("c", "unknown", [OPEN]), host("d", "ready", [])]
    assert [cause_text(entry) for entry in _report(*hosts)["hosts"]] == [STOPPED[2], "timed out", OPEN[2], ""]


def _summary(**counts):
    verdicts = {**dict.fromkeys(VERDICTS, 0), **counts}
    return {"hosts": sum(verdicts.values()), **verdicts}


def test_headline():
    assert headline(_summary()) == "No hosts were diagnosed"
    assert headline(_summary(blocked=1)) == "The host fails its next backup"
    assert headline(_summary(blocked=1, ready=9)) == "1 of 10 hosts fails its next backup"
    assert headline(_summary(blocked=1200)) == "All 1,200 hosts fail their next backup"
    assert headline(_summary(unreachable=1, unknown=2, at_risk=3, ready=4)).startswith("3 of 10 hosts could not")
    assert headline(_summary(at_risk=3, ready=4)) == "3 of 7 hosts are at risk; none is blocked"
    assert headline(_summary(partial=4, at_risk=1)) == "1 of 5 hosts is at risk; none is blocked"
    assert headline(_summary(partial=1)) == "Nothing was found on the host, but critical checks were left out"
    assert headline(_summary(partial=4)) == "Nothing was found on all 4 hosts, but critical checks were left out"
    assert headline(_summary(ready=4)) == "All 4 hosts are ready for their next backup"


def test_the_headline_never_leaves_out_that_findings_are_waived():
    assert headline({**_summary(ready=4), "waived": 1}).endswith(
        "ready for their next backup; 1 host has waived findings"
    )
    assert headline({**_summary(blocked=1, ready=3), "waived": 2}).endswith("backup; 2 hosts have waived findings")


def test_share_says_what_the_largest_causes_account_for():
    others = [("extensions_enabled", "fail", f"cause {number}", None, None, "n") for number in range(4)]
    hosts = [host("a", "blocked", [STOPPED]), host("b", "blocked", [STOPPED])]
    assert share(groups(_report(*hosts))) == "One cause accounts for all of them."
    hosts += [host(str(number), "blocked", [other]) for number, other in enumerate(others)]
    assert share(groups(_report(*hosts[:3]))) == "They have 2 causes; the largest alone accounts for 2."
    assert share(groups(_report(*hosts))) == "They have 5 causes; the largest three account for 4."
    assert share(groups(_report(*hosts[2:]))) == "Each of the 4 has a cause of its own."
    assert share(groups(_report(host("a", "ready", [])))) == ""


FULL = ("disk_space", "fail", "No space is left", None, None, "0 MB")
FOLLOWS = ("exthandler_running", "fail", "The handler does not run", "agent_service_running", None, "")


def test_a_second_cause_of_a_host_is_counted():
    one, both = host("a", "blocked", [STOPPED, FOLLOWS]), host("b", "blocked", [STOPPED, FOLLOWS, FULL])
    made = _report(one, both)
    assert [further_causes(entry) for entry in made["hosts"]] == [[], [FULL[2]]]
    (group,) = groups(made)
    assert group.several == 1
    assert share([group]) == "The largest cause alone accounts for 1; 1 host has more than one cause."
    assert share(groups(_report(both))) == "1 host has more than one cause."
