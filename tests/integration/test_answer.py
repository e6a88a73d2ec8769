# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer of a run: the last thing on the screen, and its exit status charged to who caused it."""

import json
import os
import re
import subprocess

import pytest
import terminal
from test_diagnose_playbook import ONE_CHECK, PLAYBOOK, REPO, Fleet, conf

DEFAULT = {"ANSIBLE_STDOUT_CALLBACK": "default"}
"""The callback of whoever has not chosen one."""


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path)


def run(command, **environment):
    surroundings = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "100", **environment}
    return subprocess.run(command, cwd=REPO, env=surroundings, capture_output=True, text=True, timeout=300, check=False)


def charged(result):
    """Hosts that the recap charges with a failure."""
    return re.findall(r"(?m)^(\S+) +: ok=.* failed=1 ", result.stdout)


@pytest.mark.parametrize("book", ["diagnose", "verify"])
@pytest.mark.parametrize("strategy", ["linear", "free"])
def test_a_gate_is_charged_to_a_host_that_breaks_it(fleet, book, strategy):
    fleet.saved("healthy", conf("y"))
    fleet.saved("off", conf("n"))
    fleet.silent("silent", "echo 'ssh: connect to host port 22: No route to host' >&2; exit 255")
    command = fleet.command(**{f"{book}_fail_on": "critical"}, **ONE_CHECK)
    command = [str(part).replace("playbooks/diagnose", f"playbooks/{book}") for part in command]
    result = run(command, ANSIBLE_STRATEGY=strategy, **DEFAULT)
    assert result.returncode == 2, result.stdout + result.stderr
    assert (result.stdout + result.stderr).count("Backup is not ready on 2 of 3 hosts") >= 1
    assert len(charged(result)) == 1 and charged(result)[0] in ("off", "silent"), result.stdout
    assert result.stdout.rstrip().splitlines()[-1].startswith("Report: ")
    assert result.stdout.count("report.html") == 1


def test_progress_counts_the_hosts_of_the_current_task(fleet):
    """The task of verify that waits for agents asks all hosts, and so does the diagnosis behind it."""
    for name in ("a", "b"):
        fleet.saved(name, conf("y"))
    command = [
        str(part).replace("playbooks/diagnose", "playbooks/verify")
        for part in fleet.command(verify_wait=1, **ONE_CHECK)
    ]
    result = run(command, VMBACKUP_PROGRESS_INTERVAL="0")
    assert re.findall(r"(?m)^\d/\d hosts", result.stdout) == ["1/2 hosts", "2/2 hosts"] * 2, result.stdout


def test_progress_counts_a_host_that_could_not_be_asked_once(fleet):
    """Why it could not is recorded by another task, for that host alone."""
    for name in ("a", "b"):
        fleet.saved(name, conf("y"))
    fleet.hosts["odd"] = {"ansible_connection": "{{ undefined }}"}
    result = run(fleet.command(**ONE_CHECK), VMBACKUP_PROGRESS_INTERVAL="0")
    counted = re.findall(r"(?m)^\d/\d hosts", result.stdout)
    assert counted == ["1/3 hosts", "2/3 hosts", "3/3 hosts", "3/3 hosts"], result.stdout


@pytest.mark.parametrize(("asked", "counted"), [("a", "1/3 hosts"), ("b", "2/3 hosts")])
def test_progress_keeps_the_hosts_that_a_task_leaves_out(fleet, asked, counted):
    """As a backup that failed is explained: only its host is asked again."""
    for name in ("a", "b", "c"):
        fleet.saved(name, conf("y"))
    judge = {"vmbackup.azure.findings_info": {"variables": "diagnose_"}}
    tasks = [{"name": "Judge", **judge}, {"name": "Again", **judge, "when": f"inventory_hostname == '{asked}'"}]
    book = fleet.folder / "play.json"
    book.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "serial": 2, "tasks": tasks}]))
    command = [str(book) if "playbooks/" in str(part) else part for part in fleet.command(**ONE_CHECK)]
    # One after the other: a result is counted before the host behind it.
    result = run(command, VMBACKUP_PROGRESS_INTERVAL="0", ANSIBLE_FORKS="1")
    lines = re.findall(r"(?m)^\d/\d hosts.*", result.stdout)
    assert [line.partition(":")[0] for line in lines] == ["1/3 hosts", "2/3 hosts", counted, "3/3 hosts"], lines
    assert lines[-1] == "3/3 hosts: 3 partial"


def test_a_gate_within_a_limit_is_charged_there(fleet):
    for name, value in (("a", "n"), ("b", "y"), ("c", "n")):
        fleet.saved(name, conf(value))
    command = fleet.command("--limit", "b,c", diagnose_fail_on="critical", **ONE_CHECK)
    assert charged(run(command, **DEFAULT)) == ["c"]


def test_a_name_that_is_more_than_one_host_is_not_charged(fleet):
    """A play for ``web`` would be one for all hosts of the group ``web``."""
    fleet.saved("a", conf("y"))
    fleet.saved("web", conf("n"))
    command = fleet.command(diagnose_fail_on="critical", **ONE_CHECK)
    inventory = {"all": {"hosts": fleet.hosts, "children": {"web": {"hosts": {"a": {}}}}}}
    (fleet.folder / "inventory.json").write_text(json.dumps(inventory))
    result = run(command)
    assert result.returncode == 2 and "Backup is not ready on 1 of 2 hosts" in result.stdout + result.stderr


def test_a_gate_that_holds_charges_nobody(fleet):
    fleet.saved("healthy", conf("y"))
    result = run(fleet.command(diagnose_fail_on="critical", **ONE_CHECK), **DEFAULT)
    assert result.returncode == 0 and charged(result) == [], result.stdout


@pytest.mark.parametrize("callback", ["vmbackup.azure.progress", "default"])
def test_a_run_ends_when_nobody_reads_it(tmp_path, callback):
    reader, writer = os.pipe()
    os.close(reader)
    surroundings = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": callback}
    demo, variables = REPO / "examples/fleet/inventory.yml", {"diagnose_report_dir": str(tmp_path / "report")}
    command = [PLAYBOOK, "playbooks/diagnose.yml", "-i", demo, "-e", json.dumps(variables)]
    process = subprocess.Popen(command, cwd=REPO, env=surroundings, stdout=writer)
    os.close(writer)
    try:
        process.wait(600)
    finally:
        process.kill()
    assert (tmp_path / "report/report.json").exists()


FOR_PROGRAMS = """
import json
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "stdout", "for_programs"

    def v2_playbook_on_stats(self, stats):
        self._display.display(json.dumps(stats.ok))
"""


def test_what_a_program_reads_has_nothing_but_its_own(fleet):
    fleet.saved("off", conf("n"))
    (fleet.folder / "for_programs.py").write_text(FOR_PROGRAMS)
    result = run(
        fleet.command(**ONE_CHECK),
        ANSIBLE_CALLBACK_PLUGINS=str(fleet.folder),
        ANSIBLE_STDOUT_CALLBACK="for_programs",
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert json.loads(result.stdout) == {"off": 3}
    assert "Report: " in result.stderr and "1 blocked" in result.stderr


@pytest.mark.once
@pytest.mark.parametrize(
    ("size", "callback"), [(1000, "vmbackup.azure.progress"), (300, "default")], ids=["progress", "default"]
)
def test_a_large_fleet_has_its_answer_on_the_last_screen(fleet, size, callback):
    for value in "yn":
        (fleet.folder / f"{value}.json").write_text(json.dumps(conf(value)))
    for number in range(size):
        value = "n" if number % 5 == 4 else "y"
        fleet.hosts[f"host{number:04}"] = {"diagnose_state_file": str(fleet.folder / f"{value}.json")}
    fleet.hosts["host0007"] = {"diagnose_state_file": "/nowhere"}
    command = fleet.command(diagnose_fail_on="critical", **ONE_CHECK)
    surroundings = {"ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "ANSIBLE_STDOUT_CALLBACK": callback}
    status, text = terminal.run(command, REPO, surroundings, columns=110, lines=50)
    assert status == 2, text[-5000:]
    screen = terminal.screen(text, 50)
    assert f"{size // 5} of {size:,} hosts fail their next backup" in screen, "\n".join(screen)
    assert any("Set Extensions.Enabled=y" in line for line in screen)
    assert screen[-2] == f"Report: {fleet.report_dir}/report.html" and screen[-1] == ""
    assert ("host0000 " in text) == (callback == "default")


@pytest.mark.parametrize(
    ("keywords", "failed"),
    [
        ({}, ["off", "silent"]),
        ({"serial": 3}, ["silent"]),
        # Neither host of the last batch breaks the gate, and the run has failed all the same.
        ({"serial": 2, "order": "reverse_sorted"}, ["also", "fine"]),
    ],
    ids=["", "serial", "none in the last batch"],
)
def test_the_role_fails_for_the_hosts_that_break_its_gate(fleet, keywords, failed):
    fleet.saved("also", conf("y"))
    fleet.saved("fine", conf("y"))
    fleet.saved("off", conf("n"))
    fleet.silent("silent", "echo 'ssh: connect to host port 22: No route to host' >&2; exit 255")
    after = {"name": "Go on", "ansible.builtin.debug": {"msg": "goes on: {{ inventory_hostname }}"}}
    play = {"hosts": "all", "gather_facts": False, "roles": ["vmbackup.azure.diagnose"], "tasks": [after], **keywords}
    book = fleet.folder / "play.json"
    book.write_text(json.dumps([play]))
    command = fleet.command(diagnose_fail_on="critical", **ONE_CHECK)
    result = run([str(book) if "playbooks/" in str(part) else part for part in command], **DEFAULT)
    assert result.returncode == 2, result.stdout + result.stderr
    assert sorted(charged(result)) == failed
    assert "Backup is not ready on 2 of 4 hosts" in result.stdout + result.stderr
    if not keywords:
        assert sorted(re.findall(r"goes on: (\w+)", result.stdout)) == ["also", "fine"]
