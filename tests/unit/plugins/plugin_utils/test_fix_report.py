# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import shlex

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._fix_report import (
    lines,
    outcomes,
    undo_command,
    undone,
)

HERE = "./vmbackup-report"
IDLE = {"before": "ready", "after": None, "planned": [], "done": [], "new": [], "left": [], "failed": ""}


def host(name, **changes):
    return {"host": name, **IDLE, **changes}


FIXED = {"before": "blocked", "after": "ready", "planned": ["waagent_conf"], "done": ["waagent_conf"]}
FAILED = {"before": "blocked", "after": "blocked", "planned": ["waagent_conf"], "failed": "waagent_conf did not fix it"}


def test_totals_before_and_after():
    said = list(lines([host("a"), host("b", **FIXED), host("c", **FAILED)], "night-1", False, ["my hosts"], HERE))
    assert said == [
        "Fix: 1 of 3 hosts changed, 1 failed, 1 with nothing to do",
        "Before: 2 blocked, 1 ready",
        "After:  1 blocked, 2 ready",
        "Failed: c: waagent_conf did not fix it",
        "Run: night-1",
        "To undo: ansible-playbook vmbackup.azure.undo -i 'my hosts' -e undo_run_id=night-1",
    ]
    assert shlex.split(said[-1])[4] == "-i" and shlex.split(said[-1])[5] == "my hosts"


def test_an_undo_has_the_inventory_the_host_and_the_journal():
    command = undo_command("night-1", ["a.yml", "b.yml"], "/srv/my reports", "web1")
    arguments = "-i a.yml -i b.yml --limit web1 -e 'undo_report_dir=/srv/my reports' -e undo_run_id=night-1"
    assert command == f"ansible-playbook vmbackup.azure.undo {arguments}"
    assert undo_command("night-1", [], HERE) == "ansible-playbook vmbackup.azure.undo -e undo_run_id=night-1"
    arguments = "-i a.yml -e schedule_report_dir=/srv/reports -e schedule_undo_run_id=night-1"
    of_schedule = undo_command("night-1", ["a.yml"], "/srv/reports", playbook="schedule")
    assert of_schedule == f"ansible-playbook vmbackup.azure.schedule {arguments}"


def test_check_mode_changed_nothing_that_could_be_undone():
    said = list(lines([host("a", **{**FIXED, "after": None})], "night-1", True, [], HERE))
    assert said[0] == "Fix: 1 of 1 host would be changed, 0 failed, 0 with nothing to do"
    assert not [line for line in said if line.startswith(("After", "Run", "To undo"))]


@pytest.mark.parametrize(
    ("changes", "offered"),
    [(FIXED, True), (FAILED, True), ({}, False), ({"failed": "unreachable", "before": "unreachable"}, False)],
    ids=["fixed", "failed", "idle", "unreachable"],
)
def test_an_undo_is_offered_where_something_may_have_been_changed(changes, offered):
    said = list(lines([host("a", **changes)], "night-1", False, [], HERE))
    assert any(line.startswith("To undo") for line in said) == offered


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ["nothing to do"]),
        (FIXED, ["changed"]),
        ({**FIXED, "new": [{}], "left": [{}]}, ["changed", "new findings", "something left"]),
        (FAILED, ["failed"]),
        ({"before": "unreachable", "failed": "timed out"}, ["failed"]),
        ({**FIXED, "done": [], "after": None}, []),
        ({"left": [{}]}, ["something left"]),
    ],
    ids=["idle", "fixed", "not only good", "failed", "unreachable", "planned", "left"],
)
def test_what_became_of_a_host(changes, told):
    assert list(outcomes(host("a", **changes), False)) == told


def test_check_mode_only_would_change_a_host():
    assert list(outcomes(host("a", **{**FIXED, "after": None}), True)) == ["would be changed"]


def test_many_failures_are_counted():
    said = list(lines([host(f"h{number}", **FAILED) for number in range(12)], "night-1", False, [], HERE))
    assert len([line for line in said if line.startswith("Failed: ")]) == 10
    assert "and 2 more that failed" in said


def entry(check, reason, remedy="waagent_service"):
    return {"check": check, "reason": reason, "remedy": remedy, "class": "confirm", "why": "..."}


def test_a_host_that_is_left_has_not_nothing_to_do():
    masked, load = entry("agent_unmasked", "not allowed"), entry("cpu_load", "Find the busiest processes", None)
    hosts = [
        host("a", before="blocked", left=[masked, load]),
        host("b", before="at_risk", left=[load]),
        host("c", **FIXED, left=[masked]),
        host("d"),
    ]
    said = list(lines(hosts, "night-1", False, [], HERE))
    assert said[:3] == [
        "Fix: 1 of 4 hosts changed, 0 failed, 2 left as found, 1 with nothing to do",
        "Before: 2 blocked, 1 at risk, 1 ready",
        "After:  1 blocked, 1 at risk, 2 ready",
    ]
    assert [line for line in said if line.startswith("Left")] == ["Left: agent_unmasked (2 hosts): not allowed"]


def test_much_that_is_left_is_counted():
    left = [entry(f"check_{number}", "not allowed") for number in range(7)]
    said = list(lines([host("a", left=left)], "night-1", False, [], HERE))
    assert len([line for line in said if line.startswith("Left: ")]) == 5 and "and 2 more that were left" in said


def test_a_plan_is_told_with_the_command_that_applies_it():
    planned = host("a", **{**FIXED, "done": [], "after": None})
    said = list(lines([planned, host("b")], "night-1", False, ["h.yml"], HERE, "/home/my plans/p.yml"))
    assert said == [
        "Plan: 1 of 2 hosts would be changed, 0 failed, 1 with nothing to do",
        "Before: 1 blocked, 1 ready",
        "Written: /home/my plans/p.yml",
        "To apply: ansible-playbook vmbackup.azure.fix -i h.yml -e 'fix_plan=/home/my plans/p.yml'",
    ]


UNTOUCHED = {"restored": [], "kept": [], "failed": ""}


def test_an_undo_tells_its_totals_and_why_it_failed():
    hosts = [
        {"host": "a", **UNTOUCHED},
        {"host": "b", **UNTOUCHED, "restored": ["/etc/waagent.conf"], "kept": ["rule 'x': changed since"]},
        # Half of it may have been restored.
        {"host": "c", **UNTOUCHED, "restored": ["/etc/waagent.conf"], "failed": "Cannot write\x1b[2J"},
    ]
    assert list(undone(hosts, "night-1", False)) == [
        "Undo: 1 of 3 hosts restored, 1 failed, 1 with nothing to undo",
        "Failed: c: Cannot write\\x1b[2J",
        "Left: b: rule 'x': changed since",
        "Run: night-1",
    ]
    said = next(undone(hosts[:2], "night-1", True))
    assert said == "Undo: 1 of 2 hosts would be restored, 0 failed, 1 with nothing to undo"
