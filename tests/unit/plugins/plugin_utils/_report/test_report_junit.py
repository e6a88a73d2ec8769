# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import xml.etree.ElementTree as ET

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._gate import GATES, breaking
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._junit import render
from report_fleet import GENERATED, fleet, host


def _parse(one, fail_on="never"):
    return ET.fromstring(render(one, fail_on).encode())


def _case(root, name):
    return root.find(f".//testcase[@name='{name}']")


def _one(status, severity_id, verdict, fail_on="never"):
    trouble = (severity_id, status, "the reason", None, "the_remedy", {"a": 1})
    return _case(_parse(report([host("h", verdict, [trouble])], GENERATED, "1"), fail_on), severity_id)


def _outcome(case):
    return case[0].tag


CRITICAL, WARNING = "agent_installed", "agent_auto_restart"


@pytest.mark.parametrize(
    ("status", "id_", "verdict", "outcomes"),
    [
        ("fail", CRITICAL, "blocked", ("failure", "failure", "failure")),
        ("warn", WARNING, "at_risk", ("system-out", "failure", "system-out")),
        ("unknown", CRITICAL, "unknown", ("error", "error", "error")),
        ("unknown", CRITICAL, "ready", ("skipped", "skipped", "skipped")),
        ("unknown", WARNING, "ready", ("skipped", "skipped", "skipped")),
    ],
)
def test_mapping(status, id_, verdict, outcomes):
    assert tuple(_outcome(_one(status, id_, verdict, gate)) for gate in GATES) == outcomes


@pytest.mark.parametrize("status", ["ok", "not_applicable"])
def test_what_has_no_finding_is_one_case(status):
    trouble = ("agent_installed", status, "the reason", None, None, {"a": 1})
    one = report([host("h", "ready", [trouble])], GENERATED, "1")
    (case,) = _parse(one, "warning").iter("testcase")
    assert (case.get("name"), case[0].tag) == ("checks without a finding", "system-out")
    assert case[0].text == str(len(one["hosts"][0]["findings"]))


def test_a_suite_is_red_exactly_where_the_gate_breaks(some_hosts):
    for gate in ("warning", "critical"):
        suites = _parse(some_hosts, gate).findall("testsuite")
        red = {suite.get("name") for suite in suites if suite.find("testcase/failure") is not None}
        red |= {suite.get("name") for suite in suites if suite.find("testcase/error") is not None}
        assert red == set(breaking(some_hosts, gate))


def test_gates(some_hosts):
    summary = some_hosts["summary"]
    bad = summary["blocked"] + summary["unreachable"] + summary["unknown"]
    assert [len(breaking(some_hosts, gate)) for gate in GATES] == [0, bad + summary["at_risk"], bad]
    with pytest.raises(KeyError):
        breaking(some_hosts, "sometimes")


def test_counts_are_those_of_the_cases(some_hosts):
    root = _parse(some_hosts)
    assert len(root) == some_hosts["summary"]["hosts"]
    for element in (root, *root):
        cases = element.findall(".//testcase")
        assert int(element.get("tests")) == len(cases)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(attribute)) == sum(case.find(tag) is not None for case in cases)


def test_failure_says_what_to_know(one_host):
    failure = _case(_parse(one_host), "agent_service_running")[0]
    assert failure.get("message") == "The agent's service is stopped"
    assert failure.text.splitlines() == [
        "The agent's service runs (critical)",
        "Remedy: waagent_service",
        "What to do: Correct agent_service_running.",
        "See About agent_service_running: https://example.org/agent_service_running",
        "walinuxagent.service: ActiveState = inactive",
    ]


def test_a_host_that_gave_no_state_has_one_error():
    lost = {"host": "db1", "verdict": "unreachable", "reason": "timed out"}
    (suite,) = _parse(report([lost], GENERATED, "1"))
    (case,) = suite
    assert (case.get("classname"), case.get("name")) == ("db1", "diagnosis")
    assert (case[0].tag, case[0].get("type"), case[0].get("message")) == ("error", "unreachable", "timed out")
    assert suite.get("timestamp") == "2026-11-23T02:00:00"


def test_hostile_text_stays_text(hostile):
    root = _parse(hostile)
    assert "</script><script>" in root[0].get("name")
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out",
    }  # fmt: skip


def test_empty_and_huge(empty):
    assert len(_parse(empty)) == 0
    assert len(_parse(fleet(1500))) == 1500
