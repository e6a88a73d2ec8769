# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings that someone accepts: they are shown and do not count, until their day."""

import datetime

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _waivers
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate, _fleet
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import (
    Catalogue,
    Check,
    Stage,
    fail,
    ok,
    warn,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import (
    _changes,
    _html,
    _json,
    _markdown,
    _terminal,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._gate import outcome
from support import guest

TODAY = datetime.date(2026, 11, 26)
ACCEPTED = {"reason": "Known", "owner": "ops", "until": "2026-12-31"}
ENTRY = {"hosts": "test*", "check": "agent_unmasked", "reason": "Rebuilt nightly", "owner": "ops", "until": TODAY}
GROUPS = {"test*": ["test1", "test2"], "all": ["test1", "test2", "web1"]}


@pytest.fixture
def waivers(tmp_path):
    def make(*entries, today=TODAY):
        path = tmp_path / "waivers.yml"
        path.write_text(yaml.safe_dump(list(entries)))
        return _waivers.Waivers(_waivers.read(str(path)), lambda waiver: GROUPS[waiver.hosts], today)

    return make


def test_a_waiver_is_for_the_hosts_of_its_pattern(waivers):
    found = waivers(ENTRY).of("test1", None)["agent_unmasked"]
    assert (found["reason"], found["owner"], found["until"]) == ("Rebuilt nightly", "ops", "2026-11-26")
    assert waivers(ENTRY).of("web1", None) == {}


def test_the_first_that_applies_counts(waivers):
    both = waivers({**ENTRY, "hosts": "all", "until": "2026-01-01"}, ENTRY, {**ENTRY, "reason": "Other"})
    assert both.of("test1", None)["agent_unmasked"]["number"] == 2


@pytest.mark.parametrize(
    ("tags", "waived"),
    [({"env": "test", "team": "a"}, True), ({"env": "prod"}, False), ({}, False), (None, False)],
)
def test_a_waiver_is_for_the_machines_with_its_tags(waivers, tags, waived):
    entry = {**ENTRY, "azure_tag": {"env": "test"}}
    del entry["hosts"]
    machine = None if tags is None else {"vm": {"tags": tags}}
    assert bool(waivers(entry).of("web1", machine)) is waived


def test_what_people_write_is_masked(waivers):
    secret = "see https://me:Zq1vanilla@wiki.example token=Zq1vanilla"
    made = waivers({**ENTRY, "reason": secret, "owner": "password: Zq1vanilla"})
    assert "Zq1vanilla" not in str(made.about({"hosts": []}))
    assert "Zq1vanilla" not in str(made.of("test1", None))


def test_a_waiver_ends_with_its_day(waivers):
    assert waivers(ENTRY).of("test1", None)
    assert waivers(ENTRY, today=TODAY + datetime.timedelta(days=1)).of("test1", None) == {}


def test_the_report_names_what_is_unused_and_expired(waivers):
    entries = [ENTRY, {**ENTRY, "hosts": "all"}, {**ENTRY, "until": "2026-11-01"}]
    finding = {"id": "agent_unmasked", "status": "fail", "waived": {"number": 1}}
    report = {"hosts": [{"host": "test1", "findings": [finding]}, {"host": "web1", "findings": []}]}
    about = waivers(*entries).about(report)
    assert [(one["state"], one["used_on"]) for one in about] == [("used", 1), ("unused", 0), ("expired", 0)]
    assert list(_changes.waiver_notes({**report, "waivers": about})) == [
        "1 finding on 1 host waived: they do not count",
        "Matches nothing: waiver 2 (agent_unmasked on all, ops)",
        "Expired on 2026-11-01: waiver 3 (agent_unmasked on test*, ops)",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"check": "agent_maskd"}, "unknown check 'agent_maskd'; did you mean"),
        ({"check": "shared_locks"}, "is about several hosts together and cannot be waived"),
        ({"reason": " "}, "it has no 'reason'"),
        ({"owner": None}, "it has no 'owner'"),
        ({"until": "soon"}, "until 'soon' is not a day"),
        ({"until": "\x1b[2J"}, "until '\\x1b[2J' is not a day"),
        ({"until": None}, "it has no 'until': give a day such as"),
        ({"azure_tag": {"a": "b"}}, "it needs one of 'hosts' and 'azure_tag'"),
        ({"hosts": None}, "it needs one of 'hosts' and 'azure_tag'"),
        ({"hosts": ["a"]}, "hosts is not a pattern"),
        ({"hosts": None, "azure_tag": {"a": 1}}, "azure_tag is not a mapping"),
        ({"untill": "2026-01-01"}, "unknown key 'untill'; did you mean until"),
    ],
)
def test_an_entry_that_cannot_be_used(waivers, change, said):
    with pytest.raises(ValueError, match=r"^Cannot use waiver 2 of '.*waivers.yml': ") as caught:
        waivers(ENTRY, {**ENTRY, **change})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1", "is not a list"),
        ("[", "is not YAML"),
        ("[" * 100_000, "is not YAML"),
        ("- until: 2026-13-45", "a value in it is wrong: month"),
        ("- until: !!timestamp soon", "a value in it is wrong"),
        ("- check: !!bool maybe", "a value in it is wrong"),
        ("- {check: dhcp_enabled, until: 2026-12-01, 'until': 2099-12-01}", "line 1 gives 'until' twice"),
        ("- check: dhcp_enabled\n  azure_tag:\n    a: b\n    a: c\n", "line 4 gives 'a' twice"),
        (None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path, text, said):
    path = tmp_path / "waivers.yml"
    if text:
        path.write_text(text)
    with pytest.raises(ValueError, match=f"^Cannot use the waivers .*{said}"):
        _waivers.read(str(path))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("~nobody-has-this-name/w.yml", "No such file"),
        ("a\0b", "embedded null"),
        ("x" * 300, "File name too long"),
        (".", "Is a directory"),
    ],
)
def test_a_path_that_no_file_can_have(path, said):
    with pytest.raises(ValueError, match=f"^Cannot use the waivers .*{said}"):
        _waivers.read(path)


def check(id_, verdict, **more):
    fields = {"title": id_, "severity": "critical", "stage": Stage.AGENT, "sources": (), **more}
    return Check(id=id_, subjects=("linux",), judge=lambda _state: verdict, **fields)


RULES = Catalogue(
    {
        one.id: one
        for one in (
            check("cause", fail("It is off")),
            check("follows", fail("It is silent"), explained_by=("cause",)),
            check("apart", warn("It is slow")),
            check("good", ok()),
        )
    },
    {},
)


def judged(*waived):
    return _evaluate.evaluate(guest(), RULES, waived=dict.fromkeys(waived, ACCEPTED))


def test_a_waived_finding_does_not_count_nor_does_what_follows_from_it():
    assert (judged()["verdict"], judged()["first_cause"]) == ("blocked", "cause")
    found = judged("cause")
    assert (found["verdict"], found["first_cause"]) == ("at_risk", "apart")
    waived = {one["id"]: one["status"] for one in found["findings"] if "waived" in one}
    assert waived == {"cause": "fail", "follows": "fail"}
    assert [one["id"] for one in found["findings"]][0] == "apart"


def test_with_everything_waived_a_host_is_ready():
    assert (judged("cause", "apart")["verdict"], judged("cause", "apart")["cause"]) == ("ready", None)


@pytest.mark.parametrize(
    ("rendered", "said"),
    [
        (_terminal.render, "2 ready (1 with waived findings)"),
        (_terminal.render, "ready           a     with 3 waived findings"),
        (_markdown.render, "2 ready (1 with waived findings)."),
        (_html.render, "<li>2 ready (1 with waived findings)</li>"),
        (_html.render, '"with 3 waived findings"'),
        (_json.render, '"waived":3,'),
        (_json.render, '"waived":1}'),
    ],
)
def test_a_host_that_is_ready_with_waivers_is_never_just_ready(rendered, said):
    hosts = [{"host": "a", **judged("cause", "apart")}, {"host": "b", "verdict": "ready", "findings": []}]
    text = rendered(_fleet.report(hosts, "2026-11-26T02:00:00Z", "1.0.0"))
    assert said in text
    assert "ready for their next backup; 1 host has waived findings" in text or rendered is _json.render


def test_a_consequence_alone_can_be_waived():
    assert judged("follows")["first_cause"] == "cause"
    assert [one["id"] for one in judged("follows")["findings"] if "waived" in one] == ["follows"]


def test_what_is_in_order_is_not_waived():
    assert not any("waived" in one for one in judged("good")["findings"])


def test_a_waived_finding_is_skipped_in_a_test_report():
    (first, *_rest) = [one for one in judged("cause")["findings"] if one["id"] == "cause"]
    assert outcome(first, "at_risk", "warning") == "skipped"
