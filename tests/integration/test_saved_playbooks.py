# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks that need no host: what was saved is judged as it was, and two of them are compared."""

import json
import os
import pathlib
import subprocess
import sys

import pytest
import windows_disks

REPO = pathlib.Path(__file__).resolve().parents[2]
CAPTURES = REPO / "examples/fleet/captures"


def played(name, *words, inventory="localhost,", **variables):
    command = [pathlib.Path(sys.executable).with_name("ansible-playbook"), REPO / "playbooks" / f"{name}.yml"]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "100"}
    command += ["-i", inventory, "-e", json.dumps(variables), *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=REPO, check=False)


def test_saved_states_and_a_disk_are_one_report(tmp_path):
    disk = tmp_path / "rescue/sda1/etc"
    disk.mkdir(parents=True)
    (disk / "fstab").write_text("")
    (disk / "hostname").write_text("web9\n")
    paths = [str(CAPTURES), str(tmp_path / "rescue"), str(tmp_path / "missing.json")]
    run = played("diagnose_saved", diagnose_saved=paths, diagnose_report_dir=str(tmp_path / "report"))
    assert run.returncode == 0, run.stdout + run.stderr
    report = json.loads((tmp_path / "report/report.json").read_text("utf-8"))
    verdicts = {host["host"]: host["verdict"] for host in report["hosts"]}
    assert verdicts["extensions-off"] == "blocked" and verdicts["web9"] == verdicts["missing"] == "unknown"
    assert len(verdicts) == len(list(CAPTURES.iterdir())) + 2
    assert "web9: needs a running system: " in run.stdout
    assert (tmp_path / "report/states/web9.json.gz").exists()


def test_a_dirty_windows_disk_is_judged_and_said_to_be_dirty(tmp_path):
    pytest.importorskip("regipy")
    root = windows_disks.disk(tmp_path / "rescue/sdc4")
    before, after = (windows_disks.hive(kind, "SYSTEM") for kind in ("healthy", "rdagent_disabled"))
    windows_disks.dirty(root, before, after)
    report = str(tmp_path / "report")
    run = played("diagnose_saved", diagnose_saved=[str(tmp_path / "rescue")], diagnose_report_dir=report)
    assert run.returncode == 0, run.stdout + run.stderr
    (host,) = json.loads((tmp_path / "report/report.json").read_text("utf-8"))["hosts"]
    assert (host["host"], host["verdict"], host["first_cause"]) == (str(root), "blocked", "rdagent_running")
    assert "/SYSTEM' is dirty; read with SYSTEM.LOG1" in " ".join(run.stdout.split())


def test_nothing_is_said_to_be_nothing(tmp_path):
    run = played("diagnose_saved", diagnose_saved=[str(tmp_path)], diagnose_report_dir=str(tmp_path / "report"))
    assert run.returncode == 2 and "it holds no guest state, no archive and no system" in run.stdout


def test_a_gate_that_breaks_is_told_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("ANSIBLE_STDOUT_CALLBACK", "ansible.builtin.default")
    report = str(tmp_path / "report")
    words = {"diagnose_saved": [str(CAPTURES)], "diagnose_report_dir": report, "diagnose_fail_on": "critical"}
    run = played("diagnose_saved", **words)
    assert run.returncode == 2 and "Backup is not ready on " in run.stdout
    assert max(map(len, run.stdout.splitlines())) < 300 and run.stdout.count("These stop the next backup") == 1
    assert run.stdout.rstrip().endswith(f"Report: {report}/report.html")


@pytest.mark.parametrize("own", ["report", "report/states", "report/states/web1.json"])
def test_a_report_does_not_replace_what_it_is_made_of(tmp_path, own):
    states = tmp_path / "report/states"
    states.mkdir(parents=True)
    (tmp_path / "report/report.json").write_text("{}")
    (states / "web1.json").write_bytes((CAPTURES / "extensions-off.json").read_bytes())
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    (tmp_path / "link").symlink_to(tmp_path / "report")
    own = str(tmp_path / own)
    run = played("diagnose_saved", diagnose_saved=[own], diagnose_report_dir=str(tmp_path / "link"))
    said = f"Cannot diagnose '{own}': the report would replace it; name another directory, diagnose_report_dir"
    assert run.returncode == 2 and said in run.stdout
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == before


def test_two_runs_are_compared(tmp_path):
    before, after, dest = tmp_path / "before", tmp_path / "after", tmp_path / "comparison.json"
    for folder, capture in ((before, "debian-12"), (after, "extensions-off")):
        folder.mkdir()
        (folder / "web1.json").write_text((CAPTURES / f"{capture}.json").read_text("utf-8"))
        (folder / "web2.json").write_text((CAPTURES / "debian-13.json").read_text("utf-8"))
    (before / "web3.json").write_text("{}")
    run = played("compare", compare_before=str(before), compare_after=str(after), compare_dest=str(dest))
    assert run.returncode == 0, run.stdout + run.stderr
    assert "web1: at_risk -> blocked\n" in run.stdout and "  + extensions_enabled: ok -> fail: " in run.stdout
    assert "1 more with the same findings" in run.stdout and "Only before: web3" in run.stdout
    assert [each["after"] for each in json.loads(dest.read_text("utf-8"))["comparisons"]] == ["web1", "web2"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "good", "Cannot compare without two sides"),
        ("good", "", "Cannot compare without two sides"),
        ("not_a_state", "two", "Cannot read '{}/not_a_state'"),
        ("two", "others", "they have no guest of the same name"),
    ],
)
def test_what_has_nothing_in_common_is_not_compared(tmp_path, before, after, said):
    (tmp_path / "not_a_state").write_text("all: {hosts: {}}")
    for folder, names in (("good", ["web1"]), ("two", ["web1", "web2"]), ("others", ["web3", "web4"])):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.json").write_text((CAPTURES / "debian-12.json").read_text("utf-8"))
    sides = {"compare_before": before and str(tmp_path / before), "compare_after": after and str(tmp_path / after)}
    run = played("compare", **sides, compare_dest=str(tmp_path / "comparison"))
    assert run.returncode == 2 and said.format(tmp_path) in run.stdout + run.stderr, run.stdout + run.stderr
    assert not (tmp_path / "comparison").exists()


def test_runs_that_do_not_differ_say_so(tmp_path):
    run = played("compare", compare_before=str(CAPTURES), compare_after=str(CAPTURES), compare_dest=str(tmp_path / "c"))
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith(f"{len(list(CAPTURES.iterdir()))} with the same findings\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_mounted_disk_is_fixed_diagnosed_and_undone(tmp_path):
    disk = tmp_path / "rescue/root"
    for name, text in {
        "etc/fstab": "",
        "etc/hostname": "web9\n",
        "etc/waagent.conf": "Extensions.Enabled=n\n",
        "usr/bin/env": "",
    }.items():
        (disk / name).parent.mkdir(parents=True, exist_ok=True)
        (disk / name).write_text(text)
    settings = {"root": str(tmp_path / "rescue"), "settings": {"Extensions.Enabled": True}}
    command = [pathlib.Path(sys.executable).with_name("ansible"), "localhost", "-m", "vmbackup.azure.waagent_conf"]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")}
    subprocess.run([*command, "-a", json.dumps(settings)], env=environment, cwd=REPO, check=True, capture_output=True)
    local = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, "diagnose_become": False}
    report = str(tmp_path / "report")
    played(
        "diagnose_saved",
        diagnose_saved=[str(disk.parent)],
        diagnose_report_dir=report,
        diagnose_only=["extensions_enabled"],
    )
    written = json.loads((tmp_path / "report/report.json").read_text("utf-8"))
    (host,) = written["hosts"]
    passed = {"ok": ["extensions_enabled"], "not_applicable": []}
    assert (host["findings"], written["passed"][host["passed"]]) == ([], passed)
    run = played("undo", undo_root=str(disk.parent), undo_run_id="latest", **local)
    assert run.returncode == 0 and "brought back /etc/waagent.conf" in run.stdout, run.stdout
    assert run.stdout.splitlines()[-2] == "Undo: 1 of 1 host restored, 0 failed, 0 with nothing to undo", run.stdout
    assert (disk / "etc/waagent.conf").read_text() == "Extensions.Enabled=n\n"


@pytest.fixture
def journals(tmp_path):
    """An inventory of two hosts with runs, of which one is ahead, and of one that does not say its own."""
    dates = {
        "good": {"first": "2026-01-01", "second": "2026-02-01"},
        "ahead": {"first": "2099-01-01", "third": "2099-01-02"},
    }
    hosts = {}
    for host, runs in dates.items():
        root = tmp_path / host
        for place in ("etc/fstab", "usr/bin/env"):
            (root / place).parent.mkdir(parents=True, exist_ok=True)
            (root / place).touch()
        for order, (run, date) in enumerate(runs.items(), start=1):
            folder = root / "var/lib/vmbackup/journal" / run
            folder.mkdir(parents=True, mode=0o700)
            facts = {"schema": 1, "created": f"{date}T02:00:00Z", "order": order}
            (folder / "run.json").write_text(json.dumps(facts))
        folder.parent.chmod(0o700)
        (folder.parent / "journal.json").write_text(json.dumps({"schema": 1, "journal": "vmbackup.azure"}))
        hosts[host] = {"undo_root": str(root), "ansible_python_interpreter": sys.executable}
    hostile = tmp_path / "hostile"
    hostile.write_text("""#!/bin/sh\necho '{"changed": false, "runs": [{"run_id": "x"}, 1]}'\n""")
    hostile.chmod(0o755)
    hosts["hostile"] = {"ansible_python_interpreter": str(hostile)}
    inventory = tmp_path / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": {"ansible_connection": "local"}}}))
    return inventory


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_run_that_no_host_says_is_not_said_to_be_nowhere(journals):
    run = played("undo", inventory=journals, undo_run_id="fourth", diagnose_become=False)
    said = (
        "Cannot undo 'fourth': no host that answered has such a run. The newest are third, second, first. "
        "The runs of hostile are unknown"
    )
    assert run.returncode == 2 and said in " ".join((run.stdout + run.stderr).split()), run.stdout + run.stderr


def undone(journals, *words, fix=None):
    """The undo of the latest run in check mode, where the last fix is ``fix``: its run, and the hosts it changed."""
    report = journals.parent / "report"
    report.mkdir(exist_ok=True)
    if fix:
        hosts = [
            {"host": host, "planned": ["waagent_conf"], "done": ["waagent_conf"], "failed": ""} for host in fix[1:]
        ]
        about = {"schema": 1, "generated": "2026-03-01T02:00:00Z", "check_mode": False}
        (report / "fix.json").write_text(json.dumps({**about, "run_id": fix[0], "hosts": hosts}))
    # Nothing of Azure is asked.
    azure = {"auth_source": "credential_file", "profile": "of no one"}
    given = {"undo_run_id": "latest", "undo_report_dir": str(report), "diagnose_become": False, "diagnose_azure": azure}
    return played("undo", "--check", *words, inventory=journals, **given)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_one_hosts_clock_or_answer_does_not_decide_what_is_undone_on_others(journals):
    run = undone(journals, fix=("second", "good"))
    assert "good: would bring back nothing" in run.stdout and "ahead: nothing to undo" in run.stdout, run.stdout
    assert "Not taken for the latest, because the date is later than now: third" in run.stdout
    assert "Cannot list the runs: the answer of the host does not have the expected form" in run.stdout
    assert run.returncode == 2
    reason = "Cannot list the runs: the answer of the host does not have the expected form"
    assert run.stdout.splitlines()[-3:] == [
        "Undo: 0 of 3 hosts would be restored, 1 failed, 2 with nothing to undo",
        f"Failed: hostile: Cannot undo on 'hostile': {reason}",
        "Run: second",
    ]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("fix", [None, ("first", "good")], ids=["none", "older"])
def test_the_latest_run_may_be_that_of_a_host_that_does_not_say_its_runs(journals, fix):
    run = undone(journals, fix=fix)
    said = (
        "Cannot undo 'latest': another host may have a newer run than second. The runs of hostile are unknown. "
        "To undo a run on the others: -e undo_run_id=ID; their newest are third, second, first"
    )
    shown = " ".join((run.stdout + run.stderr).split())
    assert run.returncode == 2 and said in shown and "would bring back" not in shown, shown


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("limit", [(), ("--limit", "good,ahead")], ids=["silent", "left out"])
def test_the_latest_run_of_a_host_that_is_not_heard_is_not_another_one_on_others(journals, limit):
    run = undone(journals, *limit, fix=("fourth", "hostile"))
    assert "good: nothing to undo" in run.stdout and "would bring back" not in run.stdout, run.stdout
    assert run.stdout.splitlines()[-1] == "Run: fourth" and run.returncode == (0 if limit else 2)


def without(journals, host):
    """The inventory without one of its hosts."""
    inventory = json.loads(journals.read_text())
    del inventory["all"]["hosts"][host]
    journals.write_text(json.dumps(inventory))


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("changed", [(), ("hostile",)], ids=["nothing", "another inventory's host"])
def test_a_fix_that_changed_no_host_of_the_inventory_is_not_the_latest_run(journals, changed):
    without(journals, "hostile")
    run = undone(journals, fix=("fourth", *changed))
    assert "good: would bring back nothing" in run.stdout and "Run: second" in run.stdout, run.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("fix", [None, ("fourth",), ("first", "good")], ids=["none", "nothing", "older"])
def test_the_latest_run_may_be_that_of_a_host_that_a_limit_leaves_out(journals, fix):
    run = undone(journals, "--limit", "good", fix=fix)
    shown = " ".join((run.stdout + run.stderr).split())
    assert run.returncode == 2 and "another host may have a newer run than second" in shown, shown
    assert "The runs of ahead, hostile are unknown" in shown and "would bring back" not in shown, shown


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@pytest.mark.parametrize("host", ["localhost", "elsewhere"])
def test_a_run_in_azure_for_no_host_of_the_inventory_is_not_the_latest(journals, host):
    """Nor is one of schedule.yml, whose host is localhost: an inventory may have that as well."""
    without(journals, "hostile")
    inventory = json.loads(journals.read_text())
    inventory["all"]["hosts"]["localhost"] = inventory["all"]["hosts"]["good"]
    journals.write_text(json.dumps(inventory))
    folder = journals.parent / "report/azure-journal"
    folder.mkdir(parents=True)
    date = "2026-03-01T02:00:00Z"
    one = {"host": host, "kind": "policy_assignment", "id": "/x", "created": date, "at": date, "state": "done"}
    entries = [{**one, "before": None, "after": None}]
    (folder / "moved.json").write_text(json.dumps({"schema": 1, "entries": entries}))
    run = undone(journals)
    assert "good: would bring back nothing" in run.stdout and "Run: second" in run.stdout, run.stdout
