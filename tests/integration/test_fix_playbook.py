# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stops a fix and what does not, and what is told of it; on this controller alone, no host is ever changed."""

import datetime
import json
import re
import subprocess
import time

import pytest
import yaml
from test_diagnose_playbook import REPO, Fleet, conf

NOT_FIXED = "The run or the connection ended before this host was fixed"
GONE = "echo 'ssh: connect to host gone port 22: No route to host' >&2; exit 255"


def room(inodes):
    """A guest state with so many free inodes where the agent writes."""
    sizes = {"free_mib": 900.0, "root_free_mib": 900.0, "total_mib": 1000.0, "used_percent": 10.0}
    place = {"mount": "/", "paths": ["/var/lib/waagent"], "free_inodes": inodes, "inodes_used_percent": 10.0, **sizes}
    space = [{**place, "entries": None, "largest": None}]
    return {"storage": {"lib_dir": {"path": "/var/lib/waagent"}, "space": space}}


class Fixes(Fleet):
    """Guests behind an ssh client that answers a probe, and what becomes of a remedy on each."""

    book = "fix"

    def fails(self, name):
        self.answers(name, conf("n"))

    def lost(self, name):
        self.answers(name, conf("n"), GONE)

    def command(self, *arguments, **variables):
        common = {"diagnose_become": False, "diagnose_only": ["extensions_enabled"]}
        return super().command(*arguments, **{**common, **variables})

    def fixed(self, name, verified=":", first="", **after):
        """A guest on which the remedy works, with other facts after it, what it does once that is verified, and what
        becomes of the first try to verify it."""
        state = {**conf("n"), **self.ROOM}
        (self.folder / f"{name}-after.json").write_text(json.dumps({**state, **conf("y"), **after}))
        done, after = self.folder / f"{name}-done", self.folder / f"{name}-after.json"
        before = self.folder / f"{name}.json"
        before.write_text(json.dumps(state))
        proof = f"if test -e {done}-proved; then {verified}; fi; touch {done}-proved; cat {after}"
        if first:
            proof = f"if test ! -e {done}-tried; then touch {done}-tried; {first}; else {proof}; fi"
        answer = f"if test -e {done}; then {proof}; else cat {before}; fi"
        module = f"""touch {done}; echo '{{"changed": true}}'"""
        self.silent(name, f'cat >/dev/null; case "$*" in *"-IS -c "*) {answer};; *) {module};; esac')
        self.hosts[name]["ansible_python_interpreter"] = "/usr/bin/python3"

    def undo(self, host):
        """The command that takes back what the last run did on a host."""
        run_id = json.loads((self.report_dir / "fix.json").read_text("utf-8"))["run_id"]
        where = f"-i {self.folder}/inventory.json --limit {host} -e undo_report_dir={self.report_dir}"
        return f"ansible-playbook vmbackup.azure.undo {where} -e undo_run_id={run_id}"

    ROOM = room(1000)

    @property
    def plan(self):
        return yaml.safe_load((self.folder / "plan.yml").read_text("utf-8"))

    @property
    def results(self):
        hosts = json.loads((self.report_dir / "fix.json").read_text("utf-8"))["hosts"]
        return {host["host"]: host for host in hosts}

    @property
    def page(self):
        """What the page says that a fix did, by host."""
        text = (self.report_dir / "fix.html").read_text("utf-8")
        data = json.loads(re.search(r'id="data">(.*?)</script>', text)[1])
        return {host[0]: host[9] for host in data["hosts"]}

    def after(self):
        """The report after the fix, which a process that stays behind writes if the run stopped."""
        folder, end = self.report_dir / "after", time.monotonic() + 120
        while (folder / ".run").exists() and time.monotonic() < end:
            time.sleep(0.1)
        return json.loads((folder / "report.json").read_text("utf-8"))


@pytest.fixture
def fleet(tmp_path):
    return Fixes(tmp_path)


def test_nothing_to_do(fleet):
    fleet.answers("good", conf("y"))
    result = fleet.run()
    assert result.returncode == 0, result.stdout + result.stderr
    assert fleet.results["good"] == {
        "host": "good",
        "before": "partial",
        "after": None,
        "planned": [],
        "done": [],
        "new": [],
        "left": [],
        "failed": "",
    }


def test_a_host_that_is_down_fails_the_run_and_stops_nobody(fleet):
    fleet.silent("gone", GONE)
    fleet.lost("lost")
    fleet.fails("broken")
    result = fleet.run(fix_serial=2, fix_max_fail_percentage=100)
    assert result.returncode != 0
    found = fleet.results
    assert found["gone"]["before"] == "unreachable" and "No route to host" in found["gone"]["failed"]
    assert (found["lost"]["planned"], found["lost"]["failed"]) == (["waagent_conf"], NOT_FIXED)
    assert found["broken"]["after"] == "blocked"
    assert "waagent_conf did not fix this host" in found["broken"]["failed"]
    assert fleet.undo("broken") in found["broken"]["failed"]


def test_a_fix_ends_with_its_totals_and_the_way_back(fleet):
    fleet.fails("canary")
    fleet.fails("next")
    fleet.answers("good", conf("y"))
    result = fleet.run()
    run_id = json.loads((fleet.report_dir / "fix.json").read_text("utf-8"))["run_id"]
    said = result.stdout.rstrip().splitlines()
    assert said[-2:] == [f"Result: {fleet.report_dir}/fix.json", f"Report: {fleet.report_dir}/fix.html"]
    undo = f"-i {fleet.folder}/inventory.json -e undo_report_dir={fleet.report_dir} -e undo_run_id={run_id}"
    assert said[-4:-2] == [f"Run: {run_id}", f"To undo: ansible-playbook vmbackup.azure.undo {undo}"]
    assert "Fix: 0 of 3 hosts changed, 2 failed, 1 with nothing to do" in said
    assert result.stdout.count("Result: ") == 1
    page = fleet.page
    assert {host: fix["outcomes"] for host, fix in page.items()} == {
        "canary": ["failed"],
        "next": ["failed"],
        "good": ["nothing to do"],
    }
    assert page["canary"]["after"] == "blocked" and page["next"]["after"] is None


def test_progress_counts_the_hosts_of_all_batches(fleet, monkeypatch):
    """Within a batch, the proof and the diagnosis after it are about the same hosts."""
    monkeypatch.setenv("VMBACKUP_PROGRESS_INTERVAL", "0")
    fleet.fixed("canary")
    fleet.fixed("next")
    result = fleet.run(fix_serial=1, **CHECKS)
    counted = re.findall(r"(?m)^(\d/\d) hosts", result.stdout)
    assert counted == ["1/2", "2/2", "1/2", "1/2", "2/2", "2/2"], result.stdout + result.stderr


def test_a_failing_canary_stops_the_run(fleet):
    fleet.fails("canary")
    fleet.fails("next")
    result = fleet.run()
    assert result.returncode != 0
    assert "did not fix this host" in fleet.results["canary"]["failed"], result.stdout + result.stderr
    assert (fleet.results["next"]["after"], fleet.results["next"]["failed"]) == (None, NOT_FIXED)


CHECKS = {"diagnose_only": ["extensions_enabled", "disk_space"]}


def test_what_a_fix_broke_stops_the_run_before_the_next_batch(fleet):
    fleet.fixed("canary", **room(0))
    fleet.fixed("next")
    result = fleet.run(fix_max_fail_percentage=100, **CHECKS)
    assert result.returncode != 0, result.stdout
    shown = " ".join((result.stdout + result.stderr).split())
    assert "New since the fix: No free inodes for /var/lib/waagent. No further batch starts" in shown
    assert fleet.undo("canary") in shown
    found = fleet.results
    assert found["canary"]["done"] == ["waagent_conf"] and found["canary"]["failed"] == ""
    assert found["canary"]["new"] == [{"check": "disk_space", "why": "No free inodes for /var/lib/waagent"}]
    assert (found["next"]["done"], found["next"]["failed"]) == ([], NOT_FIXED)
    new, gone = (fleet.after()["history"][kind] for kind in ("new", "gone"))
    assert [(one["id"], one["hosts"]) for one in (*new, *gone)] == [
        ("disk_space", ["canary"]),
        ("extensions_enabled", ["canary"]),
    ]


def test_regressions_that_are_allowed_stop_nobody_and_are_told(fleet):
    fleet.fixed("canary", **room(0))
    fleet.fixed("next")
    result = fleet.run(fix_allow_regressions=True, **CHECKS)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "new since the fix: disk_space" in " ".join(result.stdout.split())
    assert {name: [one["check"] for one in host["new"]] for name, host in fleet.results.items()} == {
        "canary": ["disk_space"],
        "next": [],
    }
    assert [one["hosts"] for one in fleet.after()["history"]["gone"]] == [["canary", "next"]]


def test_a_host_that_gives_no_state_after_its_fix_has_failed(fleet):
    fleet.fixed("canary", verified=GONE)
    fleet.fixed("next")
    result = fleet.run(**CHECKS)
    assert result.returncode != 0
    found = fleet.results
    assert found["canary"]["done"] == ["waagent_conf"], result.stdout + result.stderr
    assert found["canary"]["failed"].startswith("Cannot be diagnosed after the fix: "), found["canary"]["failed"]
    assert "No route to host" in found["canary"]["failed"]
    assert found["next"]["failed"] == NOT_FIXED


def test_a_second_fix_with_the_same_reports_asks_no_host(fleet):
    asked, go = fleet.folder / "asked", fleet.folder / "go"
    fleet.silent("web1", f"echo >>{asked}; until test -e {go}; do sleep 0.1; done; exit 255")
    first = subprocess.Popen(fleet.command(), cwd=REPO, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not asked.exists() and first.poll() is None:
            time.sleep(0.1)
        second = fleet.run()
        text = " ".join((second.stdout + second.stderr).split())
        assert second.returncode == 2 and f"process {first.pid} runs a fix there; give another directory" in text, text
        assert asked.read_text() == "\n"
    finally:
        go.touch()
        first.wait(timeout=300)
    assert "Cannot fix with reports" not in fleet.run().stdout


def test_a_host_whose_state_before_the_fix_is_lost_has_failed(fleet):
    fleet.fixed("canary", verified=f"rm -rf {fleet.report_dir}/before/states")
    fleet.fixed("next")
    result = fleet.run(**CHECKS)
    assert result.returncode != 0
    found = fleet.results
    assert (found["canary"]["done"], found["canary"]["new"]) == (["waagent_conf"], [])
    assert found["canary"]["failed"].startswith("Cannot be compared with its state before the fix: ")
    assert found["next"]["failed"] == NOT_FIXED


def test_what_was_done_is_told_where_it_cannot_be_diagnosed_again(fleet):
    fleet.fixed("canary")
    fleet.report_dir.mkdir()
    (fleet.report_dir / "after").touch()
    result = fleet.run(fix_serial=1, **CHECKS)
    assert result.returncode != 0
    canary = fleet.results["canary"]
    assert (canary["done"], canary["after"]) == (["waagent_conf"], None), result.stdout + result.stderr
    assert canary["failed"].startswith("Cannot be diagnosed after the fix: Cannot create ")
    assert "applied waagent_conf" in " ".join(result.stdout.split())


@pytest.mark.parametrize("first", [GONE, "echo Killed >&2; exit 137"], ids=["lost", "no answer"])
def test_a_try_of_the_proof_without_an_answer_is_followed_by_the_next(fleet, first):
    fleet.fixed("canary", first=first)
    result = fleet.run(**CHECKS)
    assert result.returncode == 0, result.stdout + result.stderr
    canary = fleet.results["canary"]
    assert (canary["done"], canary["failed"]) == (["waagent_conf"], "")


def test_what_is_left_by_choice_is_no_failure(fleet):
    fleet.fails("broken")
    result = fleet.run(remediate_skip="waagent_conf")
    assert result.returncode == 0, result.stdout + result.stderr
    (left,) = fleet.results["broken"]["left"]
    assert (left["check"], left["reason"]) == ("extensions_enabled", "is skipped")


def test_a_plan_is_written_and_nothing_is_fixed(fleet):
    for name in ("good", "web1", "web2"):
        fleet.answers(name, conf("y" if name == "good" else "n"))
    result = fleet.run(fix_plan_out=str(fleet.folder / "plan.yml"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert {host: sorted(entries) for host, entries in fleet.plan["hosts"].items()} == {
        "web1": ["extensions_enabled"],
        "web2": ["extensions_enabled"],
    }
    assert {(host["after"], host["failed"], *host["planned"]) for host in fleet.results.values()} == {
        (None, ""),
        (None, "", "waagent_conf"),
    }
    said = result.stdout.splitlines()
    assert "Plan: 2 of 3 hosts would be changed, 0 failed, 1 with nothing to do" in said
    command = (
        f"ansible-playbook vmbackup.azure.fix -i {fleet.folder}/inventory.json -e fix_plan={fleet.folder}/plan.yml"
    )
    assert f"To apply: {command}" in said
    assert "undo_run_id" not in result.stdout


def test_a_plan_is_written_outside_the_change_window_and_applied_in_it(fleet):
    fleet.fails("web1")
    day = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)
    given = {"remediate_window": {"start": "22:00", "end": "23:00", "days": [day.strftime("%a").lower()]}}
    path = str(fleet.folder / "plan.yml")
    written = fleet.run(fix_plan_out=path, **given)
    assert written.returncode == 0 and sorted(fleet.plan["hosts"]) == ["web1"], written.stdout + written.stderr
    applied = fleet.run(fix_plan=path, **given)
    (left,) = fleet.results["web1"]["left"]
    assert left["reason"] == "it is outside the change window", applied.stdout + applied.stderr


def test_an_approved_plan_is_done_where_nothing_has_changed(fleet):
    for name in ("approved", "changed", "removed"):
        fleet.fails(name)
    path = fleet.folder / "plan.yml"
    assert fleet.run(fix_plan_out=str(path)).returncode == 0
    plan = fleet.plan
    del plan["hosts"]["removed"]
    plan["hosts"]["retired"] = plan["hosts"]["approved"]
    path.write_text(yaml.safe_dump(plan))
    moved = conf("n")
    moved["conf"]["settings"]["Extensions.Enabled"]["text"] = "N"
    fleet.answers("changed", moved)
    result = fleet.run(fix_plan=str(path), remediate_allow="confirm")
    found = fleet.results
    assert {name: host["planned"] for name, host in found.items()} == {
        "approved": ["waagent_conf"],
        "changed": [],
        "removed": [],
    }, result.stdout + result.stderr
    assert [left["reason"] for left in found["removed"]["left"]] == ["is not in the approved plan"]
    (left,) = found["changed"]["left"]
    assert left["reason"] == "the host has changed since the plan was made (extensions_enabled): plan it again"
    assert "names 'retired', which is not in the inventory" in " ".join((result.stdout + result.stderr).split())


def test_a_run_that_starts_behind_its_plan_fixes_nobody(fleet):
    fleet.fixed("web1")
    plan = {"schema": 1, "created": "2026-11-01T00:00:00Z", "expires": "2099-01-01T00:00:00Z", "hosts": {}}
    (fleet.folder / "plan.yml").write_text(yaml.safe_dump(plan))
    result = fleet.run("--start-at-task", "Start the report", fix_plan=str(fleet.folder / "plan.yml"))
    text = " ".join((result.stdout + result.stderr).split())
    assert result.returncode == 2, text
    assert "Cannot run a part of a playbook: leave out --start-at-task and --step" in text
    assert not (fleet.folder / "web1-done").exists()


def test_a_plan_that_cannot_be_used_ends_the_run_before_any_host_is_asked(fleet):
    fleet.fails("web1")
    plan = {"schema": 1, "created": "2026-11-01T00:00:00Z", "expires": "2099-01-01T00:00:00Z", "hosts": {}}
    for document, variables, said in (
        ({"schema": 1}, {}, "Cannot use the plan"),
        (plan, {"fix_plan_out": "other.yml"}, "Cannot use 'fix_plan' together with 'fix_plan_out'"),
    ):
        (fleet.folder / "plan.yml").write_text(yaml.safe_dump(document))
        result = fleet.run(fix_plan=str(fleet.folder / "plan.yml"), **variables)
        assert result.returncode == 2
        assert said in result.stdout + result.stderr
        assert not fleet.report_dir.exists()


@pytest.mark.parametrize(
    "variables",
    [
        {"diagnose_fail_on": "critical"},
        {"diagnose_fail_on_new": "warning"},
        {"diagnose_report_dir": "somewhere"},
        {"diagnose_compare_with": "latest"},
    ],
    ids=lambda given: str(*given),
)
def test_variables_that_outrank_those_of_the_playbook_are_refused(fleet, variables):
    fleet.answers("off", conf("n"))
    result = fleet.run(**variables)
    assert result.returncode != 0
    assert (
        "Cannot fix with '-e diagnose_fail_on', '-e diagnose_fail_on_new', '-e diagnose_report_dir' or"
        in result.stdout + result.stderr
    )
    assert not fleet.report_dir.exists()


@pytest.mark.parametrize("name", ["diagnose_state_file", "diagnose_root", "diagnose_kept_guest"])
@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_a_saved_state_fixes_nobody(fleet, name, arguments):
    fleet.fails("other")
    fleet.fails("web1")
    fleet.hosts["web1"][name] = str(fleet.folder)
    result = fleet.run(*arguments)
    assert result.returncode == 2
    assert f"Cannot fix 'web1' by a saved state: '{name}' is set" in result.stdout + result.stderr
    assert not fleet.report_dir.exists()


def test_a_fleet_that_nobody_answers_for_is_told_of_all_the_same(fleet):
    fleet.silent("gone", GONE)
    fleet.silent("lost", GONE)
    result = fleet.run()
    assert result.returncode != 0
    assert {host: fix["outcomes"] for host, fix in fleet.page.items()} == {"gone": ["failed"], "lost": ["failed"]}
    assert "Fix: 0 of 2 hosts changed, 2 failed, 0 with nothing to do" in result.stdout.splitlines()
