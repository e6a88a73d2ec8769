# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between two guests: findings, and facts that checks read; nothing that no check looks at."""

import copy
import json
import pathlib

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _compare
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._reads import reads
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue, diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._saved import Saved

CAPTURES = pathlib.Path(__file__).resolve().parents[4] / "examples/fleet/captures"
GOOD = json.loads((CAPTURES / "debian-12.json").read_text("utf-8"))
WINDOWS = json.loads((CAPTURES / "windows-2022.json").read_text("utf-8"))


def saved(name, state):
    return Saved(name, pathlib.Path(name), lambda: state)


def changed(change):
    state = copy.deepcopy(GOOD)
    change(state)
    return state


def switched_off(state):
    state["conf"]["settings"]["Extensions.Enabled"].update(value=False, text="n")


def compared(before, after, **choices):
    return _compare.compare(saved("web1", before), saved("web1", after), choices)


def test_a_finding_that_appeared_comes_with_its_facts():
    found = compared(GOOD, changed(switched_off))
    assert [(finding["id"], finding["change"], finding["statuses"]) for finding in found["findings"]] == [
        ("extensions_enabled", "appeared", ["ok", "fail"])
    ]
    facts = {fact["fact"]: fact for fact in found["facts"]}
    assert set(facts) == {"conf.settings.Extensions.Enabled.value", "conf.settings.Extensions.Enabled.text"}
    value = facts["conf.settings.Extensions.Enabled.value"]
    assert value["decides"] and (value["before"], value["after"]) == ({"value": True}, {"value": False})
    assert "extensions_enabled" in value["checks"]
    assert next(_compare.lines(found)).startswith("web1: ") and " -> blocked" in next(_compare.lines(found))


def test_a_finding_that_went_shows_why_it_was_there():
    found = compared(changed(switched_off), GOOD)
    assert [finding["change"] for finding in found["findings"]] == ["went"]
    assert any(
        line.startswith("  - extensions_enabled: fail -> ok: Extensions.Enabled") for line in _compare.lines(found)
    )


def test_an_open_finding_with_another_reason_has_changed():
    other = changed(switched_off)
    other["conf"]["settings"]["Extensions.Enabled"]["text"] = "N"
    found = _compare._findings(
        [
            {"id": "a", "title": "A", "status": "fail", "why": "one"},
            {"id": "b", "title": "B", "status": "ok", "why": "x"},
        ],
        [
            {"id": "a", "title": "A", "status": "fail", "why": "two"},
            {"id": "c", "title": "C", "status": "warn", "why": "y"},
        ],
    )
    assert [(each["id"], each["change"], each["statuses"]) for each in found] == [
        ("a", "changed", ["fail", "fail"]),
        ("c", "appeared", ["unknown", "warn"]),
        ("b", "changed", ["ok", "unknown"]),
    ]


def test_the_same_guest_does_not_differ():
    found = compared(GOOD, copy.deepcopy(GOOD))
    assert (found["findings"], found["facts"], found["error"]) == ([], [], None)
    assert len(list(_compare.lines(found))) == 1


def test_facts_that_no_check_reads_are_left_out():
    found = compared(GOOD, changed(lambda state: state["probe"].update(seconds=99)))
    assert found["facts"] == []


def test_a_fact_that_is_missing_on_one_side_says_why():
    def lack(state):
        del state["conf"]["settings"]
        state["missing"]["conf.settings"] = "root"

    found = compared(GOOD, changed(lack))
    missing = [fact for fact in found["facts"] if "missing" in fact["after"]]
    assert missing and all(fact["after"]["missing"] == "root" for fact in missing)
    assert any("missing" in line for line in _compare.lines(found))


def test_systems_of_two_kinds_are_not_compared():
    found = compared(GOOD, WINDOWS)
    assert found["error"] == "Cannot compare 'web1' with 'web1': one is linux, the other is windows"
    assert list(_compare.lines(found)) == ["web1: " + found["error"]]
    found["error"] = "a ##vso[task.complete]\x1b[2J"
    assert list(_compare.lines(found)) == ["web1: a # #vso[task.complete]\\x1b[2J"]
    assert compared(GOOD, [])["error"] == "Cannot judge 'web1': it is not a mapping"


def test_guests_belong_together_by_name_and_two_alone_always():
    one, two, other = (saved(name, GOOD) for name in ("one", "two", "other"))
    assert _compare.pairs([one], [other]) == ([(one, other)], [], [])
    assert _compare.pairs([one, two], [two, other]) == ([(two, two)], ["one"], ["other"])


def only_read(value, wanted, path=()):
    """A copy with records as they are, and of the facts in them only those that were read."""
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, item in value.items():
        below = (*path, name)
        if isinstance(item, dict) and below not in wanted:
            kept[name] = only_read(item, wanted, below)
        elif below in wanted or name == "read_from":
            kept[name] = item
    return kept


@pytest.mark.parametrize("state", [GOOD, WINDOWS], ids=["linux", "windows"])
def test_what_checks_read_is_all_that_decides(state):
    checks = catalogue(state["platform"]).checks
    wanted = {path for check in checks.values() for path in reads(check, state)}
    head = {name: state[name] for name in ("schema", "platform", "mode", "privileged", "captured", "missing")}
    small = {**only_read(state, wanted), **head}
    assert len(json.dumps(small)) < len(json.dumps(state))
    findings = [diagnose(one)["findings"] for one in (state, small)]
    results = [{each["id"]: (each["status"], each["why"]) for each in one if each["id"] in checks} for one in findings]
    assert results[0] == results[1]
