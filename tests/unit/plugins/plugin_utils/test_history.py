# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nights of a fleet: what is new, gone and back, and what a run does not know."""

import json
from types import SimpleNamespace

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _history
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._history import LATEST, History
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _changes

CHECKS = ("agent_unmasked", "agent_auto_restart", "cpu_load")


def host(name, reason=None, **statuses):
    """A host by the statuses of its checks; the others are in order."""
    found = [
        {"id": id_, "status": statuses.get(id_, "ok"), "severity": "critical", "title": f"Title of {id_}"}
        for id_ in (() if reason else CHECKS)
    ]
    return {"host": name, "verdict": "unreachable" if reason else "ready", "reason": reason, "findings": found}


class Nights:
    def __init__(self, folder):
        self.folder, self.number = folder, 0

    def run(self, *hosts, compare_with=LATEST, most=30):
        self.number += 1
        generated = f"2026-11-{self.number:02}T02:00:00Z"
        return History(self.folder, most, compare_with).add(report(hosts, generated, "1.0.0"))

    def changes(self, *hosts, **options):
        found = self.run(*hosts, **options)["history"]
        return {
            kind: {(one["id"], one["status"], *one["hosts"]) for one in found[kind]}
            for kind in ("new", "returned", "gone")
            if found[kind]
        }


@pytest.fixture
def nights(tmp_path):
    return Nights(tmp_path)


def test_three_nights(nights):
    first = nights.run(host("a", agent_unmasked="fail"), host("b", cpu_load="warn"))["history"]
    assert first["compared_with"] is None
    assert nights.changes(host("a"), host("b", cpu_load="warn", agent_unmasked="fail")) == {
        "new": {("agent_unmasked", "fail", "b")},
        "gone": {("agent_unmasked", "fail", "a")},
    }
    assert nights.changes(host("a", agent_unmasked="fail"), host("b", cpu_load="warn")) == {
        "returned": {("agent_unmasked", "fail", "a")},
        "gone": {("agent_unmasked", "fail", "b")},
    }


def test_a_warning_that_fails_now_is_new_and_not_the_other_way(nights):
    nights.run(host("a", cpu_load="warn"))
    assert nights.changes(host("a", cpu_load="fail")) == {"new": {("cpu_load", "fail", "a")}}
    assert nights.changes(host("a", cpu_load="warn")) == {}


def test_what_is_not_known_neither_comes_nor_goes(nights):
    nights.run(host("a", agent_unmasked="fail"), host("b", cpu_load="warn"))
    found = nights.run(host("a", agent_unmasked="unknown"), host("b", reason="No route to host"))["history"]
    assert (found["new"], found["gone"], found["lost"]) == ([], [], ["b"])
    assert nights.changes(host("a", agent_unmasked="fail"), host("b", cpu_load="warn")) == {}


def test_hosts_that_a_run_does_not_have_stay_as_they_were(nights):
    nights.run(host("a", agent_unmasked="fail"), host("b", agent_unmasked="fail"))
    assert nights.changes(host("a", agent_unmasked="fail")) == {}
    assert nights.changes(host("a", agent_unmasked="fail"), host("b", agent_unmasked="fail")) == {}


def test_a_finding_whose_waiver_expired_is_back(nights):
    waived = host("a", agent_unmasked="fail")
    waived["findings"][0]["waived"] = {"number": 1}
    nights.run(host("a", agent_unmasked="fail"))
    assert nights.changes(waived) == {}
    assert nights.changes(host("a", agent_unmasked="fail")) == {"returned": {("agent_unmasked", "fail", "a")}}


def test_equal_findings_are_one_change_and_failures_come_first(nights):
    nights.run(host("a"), host("b"), host("c"))
    broken = [host(name, cpu_load="warn", agent_unmasked="fail" if name == "c" else "ok") for name in "abc"]
    found = nights.run(*broken)["history"]["new"]
    assert [(one["id"], one["hosts"]) for one in found] == [("agent_unmasked", ["c"]), ("cpu_load", ["a", "b", "c"])]
    assert found[0]["title"] == "Title of agent_unmasked"


def test_so_many_records_are_kept_and_no_more(nights):
    for _night in range(5):
        nights.run(host("a", cpu_load="warn"), most=3)
    assert [path.name[:8] for path in sorted((nights.folder / "history").iterdir())] == [
        "20261103",
        "20261104",
        "20261105",
    ]
    trend = nights.run(host("a"), most=3)["history"]["trend"]
    assert [(run["generated"][:10], run["open"], run["gone"]) for run in trend] == [
        ("2026-11-04", {"cpu_load": 1}, 0),
        ("2026-11-05", {"cpu_load": 1}, 0),
        ("2026-11-06", {}, 1),
    ]


def test_runs_of_one_second_keep_a_record_each(tmp_path):
    for kind in ("new", "gone", *("returned", "gone") * 5):
        hosts = [host("a", cpu_load="ok" if kind == "gone" else "warn")]
        made = History(tmp_path, 11, LATEST).add(report(hosts, "2026-11-01T02:00:00Z", "1.0.0"))
        assert [one["id"] for one in made["history"][kind]] == ["cpu_load"]
    names = {path.name for path in (tmp_path / "history").iterdir()}
    assert names == {f"20261101T020000Z-{number}.json.gz" for number in range(2, 13)}


def test_without_a_history_nothing_is_written(nights):
    made = nights.run(host("a"), compare_with=None, most=0)
    assert "history" not in made and not (nights.folder / "history").exists()


def test_a_run_of_another_directory(nights, tmp_path):
    before = tmp_path / "before"
    before.mkdir()
    (before / "report.json").write_text(
        json.dumps(report([host("a", cpu_load="warn")], "2026-10-01T02:00:00Z", "1.0.0"))
    )
    for path in (before, before / "report.json"):
        found = nights.run(host("a"), compare_with=str(path))["history"]
        assert found["compared_with"] == "2026-10-01T02:00:00Z"
        assert [one["id"] for one in found["gone"]] == ["cpu_load"]


@pytest.mark.parametrize(("text", "said"), [(None, "No such file"), ("{", "neither"), ('{"schema": 7}', "neither")])
def test_what_cannot_be_compared_with_is_said_at_once(tmp_path, text, said):
    if text:
        (tmp_path / "other.json").write_text(text)
    with pytest.raises(ValueError, match=f"^Cannot compare with '.*other.json': .*{said}"):
        History(tmp_path, 30, str(tmp_path / "other.json"))


@pytest.mark.parametrize(
    ("path", "said"), [("~nobody-has-this-name/r.json", "No such file"), ("x" * 300, "File name too long")]
)
def test_a_path_that_no_report_can_have(tmp_path, path, said):
    with pytest.raises(ValueError, match=f"^Cannot compare with '{path}': {said}"):
        History(tmp_path, 30, path)


FOREIGN = {
    "nested": "[" * 200_000,
    "in a mapping": '{"a":' * 100_000,
    "hosts as a list": {"hosts": [1]},
    "a host as a text": {"hosts": {"a": "x"}},
    "half a host": {"hosts": {"a": {"seen": "2026-10-01T02:00:00Z"}}},
    "an unknown status": {"hosts": {"a": {"seen": "x", "open": {"cpu_load": "odd"}, "past": [], "state": True}}},
    "a number as a time": {"hosts": {"a": {"seen": 5, "open": {}, "past": [], "state": True}}},
    "a trend of numbers": {"trend": [1]},
    "no time": {"generated": "<b>"},
    "a report of texts": {"summary": {}, "hosts": ["a"]},
    "a report of half a host": {"summary": {}, "hosts": [{"host": "a", "findings": []}]},
    "a report of lists": {
        "summary": {},
        "hosts": [{"host": ["a"], "verdict": "ready", "reason": None, "findings": [{"id": [], "status": "fail"}]}],
    },
}


@pytest.mark.parametrize("name", FOREIGN)
def test_what_only_looks_like_a_record_or_a_report_is_neither(tmp_path, name):
    record = {"schema": 1, "generated": "2026-10-01T02:00:00Z", "hosts": {}, "trend": []}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(record))
    History(tmp_path, 30, str(other))
    foreign = FOREIGN[name]
    other.write_text(foreign if isinstance(foreign, str) else json.dumps({**record, **foreign}))
    with pytest.raises(
        ValueError, match="^Cannot compare with '.*other.json': it is neither a record of a history nor"
    ):
        History(tmp_path, 30, str(other))


def test_a_newest_record_that_cannot_be_read_costs_no_report(nights, tmp_path):
    nights.run(host("a", cpu_load="warn"))
    nights.run(host("a"))
    newest = max((tmp_path / "history").iterdir())
    newest.write_bytes(b"")
    made = nights.run(host("a", cpu_load="warn"), compare_with=None)
    assert "history" not in made and max((tmp_path / "history").iterdir()) != newest


def test_the_latest_run_is_the_newest_that_can_be_read(nights, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr(_history, "Display", lambda: SimpleNamespace(warning=said.append))
    nights.run(host("a"))
    nights.run(host("a"))
    first, second = sorted((tmp_path / "history").iterdir())
    second.write_bytes(b"")
    made = nights.run(host("a", cpu_load="warn"))
    assert made["history"]["compared_with"] == "2026-11-01T02:00:00Z"
    not_one = "it is neither a record of a history nor a report"
    assert said == [f"Cannot compare with '{second}': {not_one}. An older run takes its place."]
    for path in (tmp_path / "history").iterdir():
        path.write_bytes(b"")
    said.clear()
    assert nights.run(host("a"))["history"]["compared_with"] is None
    assert len(said) == 3 and said[-1] == f"Cannot compare with '{first}': {not_one}"


def test_a_host_that_was_not_seen_for_long_is_forgotten(nights, tmp_path):
    nights.run(host("a", cpu_load="warn"))
    later = report([host("b")], "2027-03-01T02:00:00Z", "1.0.0")
    History(tmp_path, 30, LATEST).add(later)
    assert nights.changes(host("a", cpu_load="warn"), compare_with=str(max((tmp_path / "history").iterdir()))) == {
        "new": {("cpu_load", "warn", "a")}
    }


@pytest.mark.parametrize(
    ("gate", "now", "said"),
    [
        ("critical", {"agent_unmasked": "fail"}, ("New since 2026-11-01T02:00:00Z: 1 condition on 1 host", ["a"])),
        ("critical", {"cpu_load": "warn"}, None),
        ("warning", {"cpu_load": "warn"}, ("New since 2026-11-01T02:00:00Z: 1 condition on 1 host", ["a"])),
        ("critical", {"reason": "gone"}, ("New since 2026-11-01T02:00:00Z: 1 host without a state", ["a"])),
        ("never", {"agent_unmasked": "fail"}, None),
        ("warning", {}, None),
    ],
)
def test_the_gate_on_what_is_new(nights, gate, now, said):
    first = nights.run(host("a"), host("b", agent_unmasked="fail"))
    assert _changes.breaking(first, "warning") is None
    assert _changes.breaking(nights.run(host("a", **now), host("b", agent_unmasked="fail")), gate) == said


def test_a_copy_of_a_record_is_not_the_latest_run_and_stays(nights):
    folder = nights.folder / "history"
    for name in ("0-first.json.gz", "before-patching.json.gz"):
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"mine")
    nights.run(host("a", cpu_load="warn"))
    assert nights.changes(host("a"), most=1) == {"gone": {("cpu_load", "warn", "a")}}
    assert [path.name for path in sorted(folder.iterdir())] == [
        "0-first.json.gz",
        "20261102T020000Z.json.gz",
        "before-patching.json.gz",
    ]
