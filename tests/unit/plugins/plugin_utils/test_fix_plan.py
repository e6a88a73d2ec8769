# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan that is written, read and applied: exactly what it names, on hosts whose evidence is the same."""

import datetime

import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _fix_plan
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _approval
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import Fix
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._plan import plan
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import joined

NOW = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.timezone.utc)
RULES = joined("linux")
FIXES = {
    "extensions_enabled": Fix("waagent_conf", settings={"Extensions.Enabled": True}),
    "agent_service_running": Fix("waagent_service"),
    "snapshot_limit_flag": Fix("vmbackup_conf", confirm=True, settings={"isanysnapshotfailed": False}),
    "vmbackup_conf": Fix("vmbackup_conf", normalize=True),
}


def finding(id_, value="n", status="fail", fix=None):
    fix = fix or FIXES[id_]
    return {
        "id": id_,
        "status": status,
        "severity": "critical",
        "why": f"because of {id_}",
        "evidence": [{"source": "/etc/waagent.conf:12", "value": value}],
        "consequence_of": None,
        "remedy": fix.remedy,
        "fix": fix.as_dict(),
        "advice": None,
    }


def diagnosis(*findings):
    return {"platform": "linux", "findings": list(findings)}


def written(found, days=7, **options):
    """The entries of one host, web1, as a file has them."""
    entries = _approval.entries(found, plan(found, RULES, 0.0, **options), RULES)
    return _fix_plan.render({"web1": entries}, NOW, days)


def nested(depth, width):
    """A list of width to the power of depth parts, which YAML writes in as many lines as it is deep."""
    one = []
    for _level in range(depth):
        one = [one] * width
    return {"a": one}


@pytest.fixture
def applied(tmp_path):
    """The plan by a file, of a host as it is found now."""

    def apply(text, found, host="web1"):
        path = tmp_path / "plan.yml"
        path.write_text(text)
        approved = _fix_plan.read(str(path), NOW)
        return plan(found, RULES, 0.0, approved=approved.get(host, {}))

    return apply


def reasons(made):
    return {one["check"]: one["reason"] for one in made["left"]}


BOTH = diagnosis(finding("extensions_enabled"), finding("agent_service_running", "inactive"))


def test_an_unchanged_host_gets_the_plan_that_was_approved(applied):
    assert applied(written(BOTH), BOTH) == plan(BOTH, RULES, 0.0)


def test_a_plan_says_what_a_change_board_asks():
    document = yaml.safe_load(written(BOTH))
    assert (document["created"], document["expires"]) == ("2026-11-26T12:00:00Z", "2026-12-03T12:00:00Z")
    entry = document["hosts"]["web1"]["extensions_enabled"]
    assert entry.pop("evidence").isalnum()
    assert entry == {
        "remedy": "waagent_conf",
        "parameters": {"settings": {"Extensions.Enabled": True}},
        "class": "auto",
        "why": "because of extensions_enabled",
        "seconds": 60,
        "restarts_agent": True,
    }


@pytest.mark.parametrize(
    ("check", "fix", "restarts"),
    [
        ("iaasvmprovider", Fix("win_backup_services", services=["IaasVmProvider"]), False),
        ("keyiso", Fix("win_backup_services", started=["KeyIso"], restarted=True), True),
    ],
)
def test_a_plan_says_that_the_agent_restarts_where_it_does(check, fix, restarts):
    found, rules = {**diagnosis(finding(check, fix=fix)), "platform": "windows"}, joined("windows")
    entries = _approval.entries(found, plan(found, rules, 0.0), rules)
    assert entries[check]["restarts_agent"] is restarts


def test_what_was_removed_is_left(applied):
    document = yaml.safe_load(written(BOTH))
    del document["hosts"]["web1"]["agent_service_running"]
    made = applied(yaml.safe_dump(document), BOTH)
    assert [step["checks"] for step in made["steps"]] == [["extensions_enabled"]]
    assert reasons(made) == {"agent_service_running": "is not in the approved plan"}
    assert applied(written(BOTH), BOTH, host="web2")["steps"] == []


def test_an_id_that_is_also_the_name_of_a_remedy_approves_no_other_check(applied):
    found = diagnosis(finding("vmbackup_conf"), finding("snapshot_limit_flag", status="warn"))
    made = applied(written(found), found)
    assert [step["checks"] for step in made["steps"]] == [["vmbackup_conf"]]


@pytest.mark.parametrize(
    "now",
    [
        finding("extensions_enabled", "0"),
        finding("extensions_enabled", status="warn"),
        finding("extensions_enabled", fix=Fix("waagent_conf", settings={"Extensions.Enabled": None})),
        finding("extensions_enabled", fix=Fix("vmbackup_conf", normalize=True)),
        {**finding("extensions_enabled"), "status": "unknown", "fix": None, "remedy": None},
    ],
    ids=["value", "status", "parameters", "remedy", "unknown"],
)
def test_a_host_that_has_changed_is_left_as_a_whole(applied, now):
    made = applied(written(BOTH), diagnosis(now, BOTH["findings"][1]))
    assert made["steps"] == []
    said = "the host has changed since the plan was made (extensions_enabled): plan it again"
    assert set(reasons(made).values()) == {said}


def test_a_host_whose_only_finding_cannot_be_determined_now_is_left_with_the_reason(applied):
    then = diagnosis(finding("extensions_enabled"))
    now = {**finding("extensions_enabled"), "status": "unknown", "why": "No file", "fix": None, "remedy": None}
    made = applied(written(then), diagnosis(now))
    said = "the host has changed since the plan was made (extensions_enabled): plan it again"
    left = {"check": "extensions_enabled", "remedy": None, "class": None, "why": "No file", "reason": said}
    assert made == {"steps": [], "left": [left]}


def test_parameters_that_were_edited_are_not_applied(applied):
    document = yaml.safe_load(written(BOTH))
    document["hosts"]["web1"]["extensions_enabled"]["parameters"] = {"settings": {"Extensions.Enabled": False}}
    assert applied(yaml.safe_dump(document), BOTH)["steps"] == []


def test_what_is_no_longer_found_stops_nothing_else(applied):
    made = applied(written(BOTH), diagnosis(BOTH["findings"][1]))
    assert [step["checks"] for step in made["steps"]] == [["agent_service_running"]]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (640, 700),
        (1.5, 99.25),
        ("2026-11-26T01:00:00.12Z ERROR no", "2026-11-26T02:00:01Z ERROR no"),
        ("Nov 30 02:00:01 web1 waagent[812]: no", "Dec  1 13:04:59 web1 waagent[30201]: no"),
        ([1], [2]),
    ],
)
def test_readings_are_no_change(applied, then, now):
    found, later = diagnosis(finding("extensions_enabled", then)), diagnosis(finding("extensions_enabled", now))
    assert applied(written(found), later)["steps"]


@pytest.mark.parametrize(
    ("then", "now"),
    [("10.0.0.5:3128", "10.0.0.6:3128"), ("web1 a[1]: no", "web1 b[1]: no"), (True, False), (None, 1), (["a"], [])],
)
def test_other_values_are_a_change(applied, then, now):
    found, later = diagnosis(finding("extensions_enabled", then)), diagnosis(finding("extensions_enabled", now))
    assert applied(written(found), later)["steps"] == []


def edited(change):
    document = yaml.safe_load(written(BOTH))
    change(document, document["hosts"]["web1"]["extensions_enabled"])
    return yaml.safe_dump(document)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (written(BOTH, days=0), "it expired 2026-11-26T12:00:00Z"),
        ("hosts: [", "it is not YAML"),
        ("[" * 100_000, "it is not YAML"),
        ("expires: 2026-13-45", "a value in it is wrong: month must be in 1..12"),
        ("expires: !!timestamp soon", "a value in it is wrong"),
        (written(BOTH) + "  web1:\n", "gives 'web1' twice"),
        (written(BOTH) + "expires: '2099-12-31T22:00:00Z'\n", "gives 'expires' twice"),
        (edited(lambda plan_, _entry: plan_["hosts"].update(web1=["disk_space"])), "'web1' is not a mapping of checks"),
        ("- web1", "it is not a mapping with schema, created, expires, hosts"),
        (edited(lambda plan_, _entry: plan_.update(schema=2)), "its schema is 2"),
        (edited(lambda plan_, _entry: plan_.update(expires="soon")), "expires 'soon' is not a time"),
        (edited(lambda _plan, entry: entry.pop("evidence")), "'extensions_enabled' of 'web1' has no valid 'evidence'"),
        (edited(lambda _plan, entry: entry.update(evidnce="x")), "unknown key 'evidnce'; did you mean evidence"),
        (edited(lambda _plan, entry: entry.update(remedy="waagent_cnf")), "unknown remedy 'waagent_cnf'"),
        (
            edited(lambda plan_, entry: plan_["hosts"]["web1"].update(nothing={**entry, "parameters": {}})),
            "unknown check 'nothing'",
        ),
        (
            edited(lambda plan_, _entry: plan_["hosts"].update({"a\x1b[2J": 1})),
            "'a\\x1b[2J' is not a mapping of checks",
        ),
        (edited(lambda _plan, entry: entry.update(parameters=nested(9, 9))), "it is too large"),
        (edited(lambda _plan, entry: entry["parameters"].update(own=entry)), "it is too large"),
        (edited(lambda _plan, entry: entry.update(parameters={"a": {1: 2}})), "has no valid 'parameters'"),
        (edited(lambda _plan, entry: entry.update(parameters={"a": [b"b"]})), "has no valid 'parameters'"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(applied, text, said):
    with pytest.raises(ValueError, match="^Cannot use the plan '.*plan.yml': ") as caught:
        applied(text, BOTH)
    assert said in str(caught.value)


def test_a_file_that_does_not_exist(tmp_path):
    with pytest.raises(ValueError, match="No such file or directory"):
        _fix_plan.read(str(tmp_path / "none.yml"), NOW)


class Marked(str):
    """A text as Ansible marks what comes from a host."""

    def __str__(self):  # pylint: disable=invalid-str-returned
        return self

    def __iter__(self):
        return map(Marked, super().__iter__())


def test_texts_that_ansible_marks_are_written_as_text(applied):
    marked = {**BOTH["findings"][0], "id": Marked("extensions_enabled"), "why": Marked("It is off")}
    text = written(diagnosis(marked))
    assert yaml.safe_load(text)["hosts"]["web1"]["extensions_enabled"]["why"] == "It is off"
    assert applied(text, BOTH)["steps"]
