# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure's side in the reports: machines that nothing protects, both halves of a host, and what was not read."""

import json
import pathlib
import xml.etree.ElementTree as ET

import jsonschema
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _gate, _html, _json, _junit
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._groups import cause_text, groups, share
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._terminal import render
from browser import CHROMIUM, Browser
from report_fleet import BOTH, both_sides_of, machine

SCHEMA = pathlib.Path(_json.__file__).resolve().parents[1] / "schemas/report.schema.json"
ERROR = "Cannot read Azure: no permission"


@pytest.fixture
def unread():
    empty = {"machines": 0, "gaps": [], "hosts_without_machine": [], "machines_without_host": [], "ambiguous": []}
    return both_sides_of({"read_at": None, **empty, "error": ERROR})


def test_the_report_keeps_its_contract(both_sides, unread):
    schema = json.loads(SCHEMA.read_text("utf-8"))
    for report in (both_sides, unread):
        jsonschema.validate(json.loads(_json.render(report)), schema)


def test_machines_that_nothing_protects_are_a_group_of_their_own(both_sides):
    assert [(group.kind, group.hosts) for group in groups(both_sides)] == [
        ("unprotected", ("web1",)),
        ("blocked", ("web4", "web2")),
        ("no_state", ("web5",)),
    ]
    assert share(groups(both_sides)).startswith("They have 2 causes")


def test_a_host_that_is_not_reached_and_blocked_in_azure_has_azures_cause(both_sides):
    blocked = {**both_sides["hosts"][0], "reason": "timed out"}
    assert (blocked["host"], cause_text(blocked)) == ("web1", "No vault protects it")


def test_the_terminal_says_what_was_read_and_what_was_not(both_sides):
    text = render(both_sides, 200)
    assert text.index("Nothing backs these up") < text.index("These stop the next backup") < text.index("Azure")
    fleet = text[text.index("Across the fleet") : text.index("VERDICT")].splitlines()
    assert fleet[1:3] == [
        "  2 backups failed with UserErrorX [jobs_together]",
        "  What to do: Look for a cause that they share.",
    ]
    assert text[text.rindex("Azure\n") :].splitlines()[1:] == [
        "  7 virtual machines, read 2026-11-23T02:00:00Z",
        "  Not read: locks of group prod: needs the permission Microsoft.Authorization/locks/read",
        "  Cannot tell which virtual machine 'db1' is: /a/db1 and /b/db1 have its name",
        "  1 host without a virtual machine that was found: db1",
        "  1 virtual machine neither protected nor in the inventory: stray",
        "  1 virtual machine not in the inventory: other",
    ]


def test_many_names_are_cut():
    strays = [{**BOTH["machines_without_host"][0], "name": f"stray{number}"} for number in range(1011)]
    text = render(both_sides_of({**BOTH, "machines_without_host": strays}), 400)
    assert "1,011 virtual machines neither protected nor in the inventory: stray0, " in text
    assert "stray9 and 1,001 more" in text


def test_that_azure_was_not_read_is_one_sentence_at_the_top(unread):
    lines = render(unread, 200).splitlines()
    assert f"The verdicts are those of the guests alone. {ERROR}" in lines[:4]
    assert "Azure" not in lines


@pytest.mark.parametrize(("gate", "broken"), [("never", False), ("critical", True), ("warning", True)])
def test_a_gate_breaks_where_azure_was_not_read(unread, both_sides, gate, broken):
    assert _gate.unread(unread, gate) is broken
    assert not _gate.unread(both_sides, gate)


def test_junit_has_what_does_not_count_as_skipped(both_sides):
    root = ET.fromstring(_junit.render(both_sides))
    suite = root.find("testsuite[@name='web3']")
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    skipped = suite.find("testcase[@name='agent_service_running']/skipped")
    assert skipped.get("message") == "The agent's service is stopped"
    assert root.find("testsuite[@name='Azure']") is None


def test_junit_passes_what_only_degrades_with_a_warning(both_sides):
    case = "testsuite[@name='web2']/testcase[@name='agent_service_running']"
    passed = ET.fromstring(_junit.render(both_sides, "critical")).find(case)
    assert [part.tag for part in passed] == ["system-out"]
    assert passed[0].text.startswith("warning: The agent's service is stopped")
    assert ET.fromstring(_junit.render(both_sides, "warning")).find(f"{case}/failure") is not None


def test_junit_says_that_azure_was_not_read(unread):
    root = ET.fromstring(_junit.render(unread))
    suite = root.find("testsuite[@name='Azure']")
    assert suite.find("testcase/error").get("message") == ERROR
    assert int(root.get("errors")) == sum(int(one.get("errors")) for one in root.iter("testsuite"))


@pytest.fixture(scope="module")
def page(tmp_path_factory, both_sides):
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.html").write_text(_html.render(both_sides), "utf-8")
    browser = Browser(folder / "profile")
    browser.open((folder / "page.html").as_uri())
    yield browser
    assert browser.problems == []
    browser.close()


def opened(page, fragment):
    page.run(f"location.hash = {json.dumps(fragment)}")
    page.wait_for(f"decodeURIComponent(location.hash) === {json.dumps('#' + fragment)}")
    return page.run("[...document.querySelectorAll('.host-name')].map((node) => node.textContent)")


def texts(page, selector):
    return page.run(f"[...document.querySelectorAll({json.dumps(selector)})].map((node) => node.textContent)")


@pytest.mark.parametrize(
    ("fragment", "names"),
    [
        ("vault=backup", ["web4", "web5", "web2", "web3"]),
        ("vault=(none)", ["web1", "db1"]),
        ("policy=crash", ["web3"]),
        ("job=Failed", ["web4"]),
        ("power=deallocated&verdict=ready", ["web3"]),
        ("condition=agent_service_running&status=fail", ["web4", "web2"]),
        ("group=prod", ["web2"]),
        ("region=eastus", ["db1"]),
        ("region=(none)", ["web1", "web4", "web5", "web3"]),
        ("tag=owner=ops", ["web2", "db1"]),
        ("tag=env=test&region=eastus", ["db1"]),
        ("host=env=test", ["db1"]),
        ("host=resourcegroups/prod", ["web2"]),
    ],
)
def test_filters_by_machine(page, fragment, names):
    assert opened(page, fragment) == names


def test_columns_of_the_machine(page):
    opened(page, "job=Failed")
    assert texts(page, "#f-tag option") == ["Any", "(none)", "env=prod", "env=test", "owner=ops"]
    columns = ["Vault backup", "Policy nightly", "Last job Failed 2026-11-22 22:00 UserErrorX", "Power running"]
    assert texts(page, ".host .machine > span") == columns


def test_both_halves_of_a_host(page):
    opened(page, 'host="web4"')
    assert texts(page, ".host .half") == ["In the guest"], (
        "what follows stands below its cause, whichever half it is of"
    )
    assert texts(page, "[data-subject=guest] > .below > [data-subject=azure] .why") == [
        "The last job failed: UserErrorX"
    ]
    assert texts(page, ".host .code") == ["Ranked by the error code UserErrorX of the last backup job"]
    opened(page, 'host="web1"')
    assert texts(page, ".host .half") == ["In Azure"]


def test_what_does_not_count_is_folded_and_no_problem(page):
    opened(page, 'host="web3"')
    assert texts(page, ".host .tally span") == []
    assert texts(page, ".host .others.idle > summary") == ["Not used by backups of this machine (1)"]


def test_the_fleet_and_azure_have_their_sections(page):
    assert texts(page, "#fleet .why") == ["2 backups failed with UserErrorX"]
    assert texts(page, "#azure-notes li")[0] == "7 virtual machines, read 2026-11-23T02:00:00Z"
    assert texts(page, "#machines th") == ["stray", "other"]


def test_without_azure_nothing_of_it_is_shown(page, some_hosts, tmp_path):
    (tmp_path / "page.html").write_text(_html.render(some_hosts), "utf-8")
    page.open((tmp_path / "page.html").as_uri())
    shown = "[...document.querySelectorAll('#azure, #fleet, .filter .machine')].filter((node) => !node.hidden).length"
    assert page.run(shown) == 0


def test_hostile_names_in_azure_are_shown_and_do_nothing(page, tmp_path):
    evil = "</script><script>alert(1)</script>\u202e"
    stray = {**BOTH["machines_without_host"][0], "name": evil, "azure": machine(evil, vault=evil)}
    report = both_sides_of({**BOTH, "machines_without_host": [stray], "ambiguous": [evil]})
    report["hosts"][0]["azure"] = machine(evil, vault=evil, policy=evil, power=evil)
    (tmp_path / "page.html").write_text(_html.render(report), "utf-8")
    page.open((tmp_path / "page.html").as_uri())
    assert page.run("document.scripts.length") == 2
    assert "\u202e" not in render(report, 200)
    assert texts(page, "#machines th") == ["</script><script>alert(1)</script>\\u202e"]
