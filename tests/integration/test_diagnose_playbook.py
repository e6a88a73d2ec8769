# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diagnosis as a user runs it, on this controller alone: no host is needed but those that do not answer."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import jsonschema
import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((REPO / "plugins/plugin_utils/schemas/report.schema.json").read_text("utf-8"))
PLAYBOOK = pathlib.Path(sys.executable).with_name("ansible-playbook")

READY = {"schema": 1, "platform": "linux", "mode": "live", "privileged": True, "missing": {}}
ONE_CHECK = {"diagnose_only": ["extensions_enabled"]}


def conf(value):
    """A guest state with one fact: what the agent reads for Extensions.Enabled."""
    setting = {"value": value == "y", "text": value, "line": 12}
    return {**READY, "conf": {"path": "/etc/waagent.conf", "settings": {"Extensions.Enabled": setting}}}


class Fleet:
    """An inventory of saved guests and of hosts that cannot be reached, and the report of a run over it."""

    book = "diagnose"

    def __init__(self, folder):
        self.folder, self.hosts = folder, {}
        self.report_dir = folder / "report"

    def saved(self, name, state):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(state))
        self.hosts[name] = {"diagnose_state_file": str(path)}

    def silent(self, name, script):
        """A host whose ssh client is ``script``; it reads what is sent, or Ansible would tell of that alone.

        With sudo nothing is sent before it has answered.
        """
        client = self.folder / f"{name}-ssh"
        end = 'case "$*" in *BECOME-SUCCESS*) ;; *) [ -t 0 ] || cat >/dev/null;; esac'
        client.write_text(f"#!/bin/sh\ntrap '{end}' EXIT\n{script}\n")
        client.chmod(0o755)
        self.hosts[name] = {"ansible_connection": "ssh", "ansible_ssh_executable": str(client)}

    def answers(self, name, state, otherwise="echo 'no such program' >&2; exit 127"):
        """A host that gives this state to a probe, and does ``otherwise`` with every other command."""
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(state))
        self.silent(name, f'case "$*" in *"-IS -c "*) cat >/dev/null; cat {path};; *) {otherwise};; esac')

    def command(self, *arguments, **variables):
        inventory = self.folder / "inventory.json"
        inventory.write_text(json.dumps({"all": {"hosts": self.hosts}}))
        prefix = "diagnose" if self.book == "verify" else self.book
        variables = {f"{prefix}_report_dir": str(self.report_dir), **variables}
        return [PLAYBOOK, "-i", inventory, f"playbooks/{self.book}.yml", "-e", json.dumps(variables), *arguments]

    def run(self, *arguments, **variables):
        environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "100"}
        return subprocess.run(
            self.command(*arguments, **variables),
            cwd=REPO,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @property
    def report(self):
        report = json.loads((self.report_dir / "report.json").read_text("utf-8"))
        jsonschema.validate(report, SCHEMA)
        return report

    @property
    def verdicts(self):
        return {host["host"]: host["verdict"] for host in self.report["hosts"]}


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path)


def test_a_mixed_fleet(fleet):
    fleet.saved("good", conf("y"))
    fleet.saved("off1", conf("n"))
    fleet.saved("off2", conf("n"))
    fleet.silent("gone", "echo 'ssh: connect to host gone port 22: No route to host' >&2; exit 255")
    vm = {"id": "/subscriptions/s/resourceGroups/prod/providers/x", "resource_group": "prod", "location": "westeurope"}
    fleet.hosts["good"] |= {**vm, "location": "{{ region }}", "region": "westeurope", "tags": {"env": "prod"}}
    fleet.hosts["off1"] |= {"location": "{{ nowhere }}", "tags": ["a", "list"]}
    fleet.hosts["gone"] |= {"resource_group": "test"}
    result = fleet.run(**ONE_CHECK)
    assert result.returncode == 0, result.stdout + result.stderr
    known = {host["host"]: host["vm"] for host in fleet.report["hosts"] if "vm" in host}
    assert known == {"good": {**vm, "tags": {"env": "prod"}}, "gone": {"resource_group": "test"}}
    assert fleet.verdicts == {"good": "partial", "off1": "blocked", "off2": "blocked", "gone": "unreachable"}
    cause = fleet.report["causes"][0]
    assert (cause["id"], cause["hosts"]) == ("extensions_enabled", ["off1", "off2"])
    gone = next(host for host in fleet.report["hosts"] if host["host"] == "gone")
    assert "No route to host" in gone["reason"]
    assert "2 hosts" in result.stdout and "report.html" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100
    for name in ("report.html", "junit.xml"):
        assert (fleet.report_dir / name).stat().st_size > 0


@pytest.mark.parametrize(
    ("value", "gate", "status"),
    [("n", "never", 0), ("n", "critical", 2), ("n", "warning", 2), ("y", "critical", 0), ("y", "warning", 0)],
)
def test_the_gate_decides_the_exit_status(fleet, value, gate, status):
    fleet.saved("guest", conf(value))
    assert fleet.run(diagnose_fail_on=gate, **ONE_CHECK).returncode == status
    assert fleet.report["hosts"]


def test_a_gate_of_some_hosts_only_is_refused(fleet):
    fleet.saved("good", conf("y"))
    fleet.saved("off", conf("n"))
    fleet.hosts["off"]["diagnose_fail_on"] = "critical"
    done = fleet.run(**ONE_CHECK)
    assert done.returncode == 2 and "Cannot use 'diagnose_fail_on' of some hosts" in done.stdout + done.stderr
    # The command line outranks both.
    assert fleet.run(diagnose_fail_on="never", **ONE_CHECK).returncode == 0


@pytest.mark.parametrize(
    ("of_task", "of_play", "refused"),
    [
        ({}, {}, False),
        ({"variables": "diagnose_"}, {}, True),
        ({"variables": "diagnose_", "fail_on": "never"}, {}, False),
        ({"variables": "diagnose_"}, {"diagnose_fail_on": "never"}, False),
        ({"variables": "diagnose_"}, {"diagnose_fail_on": "critical"}, False),
    ],
    ids=["no prefix", "of hosts", "of the task", "of the play", "of the play, as one host has it"],
)
def test_an_option_of_some_hosts_is_refused_where_it_would_be_used(fleet, of_task, of_play, refused):
    fleet.hosts = {"one": {"diagnose_fail_on": "critical", "fail_on": "critical"}, "other": {}}
    options = {"state": "started", "report_dir": str(fleet.report_dir), **of_task}
    task = {"vmbackup.azure.fleet_report": options, "run_once": True}
    play = {"hosts": "all", "connection": "local", "gather_facts": False, "vars": of_play, "tasks": [task]}
    (fleet.folder / "own.yml").write_text(json.dumps([play]))
    command = [fleet.folder / "own.yml" if "playbooks/" in str(word) else word for word in fleet.command()]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")}
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=300, check=False)
    text = done.stdout + done.stderr
    assert ("Cannot use 'diagnose_fail_on' of some hosts" in text) is refused, text
    assert done.returncode == (2 if refused else 0), text


def test_an_unknown_error_code_is_a_warning_and_hosts_are_diagnosed(fleet):
    fleet.saved("guest", conf("y"))
    result = fleet.run(diagnose_error_code="GuestAgentSnapshotTaskError", **ONE_CHECK)
    assert result.returncode == 0
    assert "GuestAgentSnapshotTaskStatusError" in result.stdout + result.stderr
    assert fleet.report["hosts"]


def test_a_report_that_cannot_be_written_is_said_once(fleet):
    fleet.saved("guest", conf("y"))
    (fleet.folder / "file").touch()
    result = fleet.run(diagnose_report_dir=str(fleet.folder / "file/report"))
    assert result.returncode != 0
    said = f"Cannot create '{fleet.folder}/file/report': Not a directory"
    assert f'"msg": "{said}"' in result.stdout + result.stderr


def test_a_host_without_python_has_its_reason(fleet):
    fleet.hosts["bare"] = {"ansible_connection": "local", "ansible_python_interpreter": "/nowhere/python3"}
    assert fleet.run(diagnose_become=False).returncode == 2
    (host,) = fleet.report["hosts"]
    assert (host["verdict"], host["first_cause"]) == ("unknown", None)
    assert "/nowhere/python3" in host["reason"]


def test_a_saved_state_that_is_none(fleet):
    fleet.saved("odd", {"schema": 99})
    fleet.hosts["absent"] = {"diagnose_state_file": "/nowhere/state.json"}
    assert fleet.run().returncode == 2
    reasons = {host["host"]: host["reason"] for host in fleet.report["hosts"]}
    assert "schema 99" in reasons["odd"]
    assert "/nowhere/state.json" in reasons["absent"]


def test_a_saved_state_needs_no_connection(fleet):
    fleet.saved("saved", conf("n"))
    fleet.hosts["saved"]["ansible_port"] = "{{ nowhere }}"
    fleet.hosts["asked"] = {"ansible_port": "{{ nowhere }}"}
    fleet.run(**ONE_CHECK)
    assert fleet.verdicts == {"saved": "blocked", "asked": "unknown"}
    (reason,) = (host["reason"] for host in fleet.report["hosts"] if host["host"] == "asked")
    assert "'nowhere' is undefined" in reason


def test_limit_and_batches(fleet):
    for number in range(4):
        fleet.saved(f"guest{number}", conf("y"))
    assert fleet.run("--limit", "guest1,guest2", **ONE_CHECK).returncode == 0
    assert sorted(fleet.verdicts) == ["guest1", "guest2"]


def test_check_mode_diagnoses_as_well(fleet):
    fleet.saved("guest", conf("n"))
    assert fleet.run("--check", **ONE_CHECK).returncode == 0
    assert fleet.verdicts == {"guest": "blocked"}


def test_variables_of_a_host_and_templates_in_them_are_heard(fleet):
    fleet.saved("strict", conf("n"))
    fleet.saved("lax", conf("n"))
    fleet.hosts["lax"].update(forgiven="extensions_enabled", diagnose_skip=["{{ forgiven }}"], diagnose_error_code="")
    fleet.run()
    assert fleet.verdicts["strict"] == "blocked"
    assert fleet.verdicts["lax"] == "unknown"


def run_of_tasks(fleet, *tasks, gate="critical", **keywords):
    """A play of ours around the three tasks of a diagnosis; each of ``tasks`` is changed by its keywords."""
    started = {"vmbackup.azure.fleet_report": {"state": "started", "variables": "diagnose_"}, "run_once": True}
    judged = {"vmbackup.azure.findings_info": {"record": True, "variables": "diagnose_"}}
    finished = {"vmbackup.azure.fleet_report": {"state": "finished", "variables": "diagnose_"}, "run_once": True}
    play = {"hosts": "all", "gather_facts": False, "tasks": [started, judged, finished], **keywords}
    for task, changes in zip(play["tasks"], tasks, strict=True):
        task.update(changes)
    book = fleet.folder / "play.json"
    book.write_text(json.dumps([play]))
    command = [
        str(book) if "playbooks/" in str(part) else part for part in fleet.command(diagnose_fail_on=gate, **ONE_CHECK)
    ]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "100"}
    return subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def four(fleet):
    for number in range(4):
        fleet.saved(f"guest{number}", conf("y"))
    return fleet


NOT_GUEST1 = {"when": "inventory_hostname != 'guest1'"}
WHOLE = {f"guest{number}": "partial" for number in range(4)}


@pytest.mark.parametrize(
    "keywords", [{}, {"serial": 1}, {"serial": [1, 3]}, {"strategy": "free"}, {"order": "reverse_sorted"}]
)
def test_a_whole_run_passes_the_gate(four, keywords):
    result = run_of_tasks(four, {}, {}, {}, **keywords)
    assert result.returncode == 0, result.stdout + result.stderr
    assert four.verdicts == WHOLE
    assert result.stdout.count("report.html") == 1
    assert not (four.report_dir / ".run").exists()


@pytest.mark.parametrize(
    "keywords", [{}, {"serial": 1}, {"serial": 3, "order": "reverse_sorted"}, {"strategy": "free"}]
)
def test_a_run_that_is_not_whole_fails_the_gate(four, keywords):
    result = run_of_tasks(four, {}, NOT_GUEST1, {}, **keywords)
    assert result.returncode == 2, result.stdout + result.stderr
    assert "Backup is not ready on 1 of 4 hosts" in result.stdout + result.stderr
    assert four.verdicts == {**WHOLE, "guest1": "unknown"}
    assert result.stdout.count("report.html") == 1
    assert not (four.report_dir / ".run").exists()


def test_a_host_that_was_lost_before_its_diagnosis_is_in_the_report(four):
    gone = {"name": "Lose one", "ansible.builtin.fail": {}, "when": "inventory_hostname == 'guest1'"}
    result = run_of_tasks(four, {}, {}, {}, pre_tasks=[gone], serial=2)
    assert result.returncode == 2
    assert four.verdicts == {**WHOLE, "guest1": "unknown"}


def test_a_report_that_was_never_started_is_an_error(four):
    result = run_of_tasks(four, {"when": False}, {"when": False}, {}, gate="never")
    assert result.returncode == 2
    assert (
        f"Cannot finish the report in '{four.report_dir}': no run of this play is open there"
        in result.stderr + result.stdout
    )


def test_what_a_killed_run_of_the_same_process_left_does_not_open_the_gate(fleet):
    """In a container each run has the same process id."""
    fleet.saved("guest", conf("n"))
    folder = fleet.report_dir / ".run"
    folder.mkdir(parents=True)
    old = {"host": "old", "platform": "linux", "verdict": "partial", "findings": [], "reason": None}
    (folder / "0123.json").write_text(json.dumps(old))
    command = fleet.command(diagnose_fail_on="critical", **ONE_CHECK)
    left = f'echo "{{\\"owner\\": $$, \\"hosts\\": [\\"old\\"]}}" >{folder}/run.json; exec "$@"'
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")}
    result = subprocess.run(
        ["/bin/sh", "-c", left, "sh", *command],
        cwd=REPO,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 2, result.stdout + result.stderr
    assert fleet.verdicts == {"guest": "blocked"}
    assert "report.html" in result.stdout


def test_a_run_that_is_interrupted_reports_what_it_saw(fleet):
    fleet.saved("good", conf("n"))
    azure, waivers = fleet.folder / "azure.json", fleet.folder / "waivers.yml"
    azure.write_text(json.dumps({"schema": 1, "vms": []}))
    waived = {"check": "extensions_enabled", "reason": "r", "owner": "o", "until": "2999-01-01"}
    waivers.write_text(json.dumps([{"hosts": "good", **waived}]))
    chosen = {**ONE_CHECK, "diagnose_azure_state_file": str(azure), "diagnose_waivers": str(waivers)}
    asked = fleet.folder / "asked"
    fleet.silent("stuck", f"touch {asked}; exec sleep 300")
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")}
    process = subprocess.Popen(
        fleet.command(diagnose_become=False, **chosen),
        cwd=REPO,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _until(lambda: asked.exists() and len(list(fleet.report_dir.glob(".run/*.json"))) == 2)
    finally:
        _interrupt(process)
    _until(lambda: (fleet.report_dir / "report.json").exists() and not (fleet.report_dir / ".run").exists())
    assert fleet.verdicts == {"good": "partial", "stuck": "unknown"}
    stuck = next(host for host in fleet.report["hosts"] if host["host"] == "stuck")
    assert "before this host was diagnosed" in stuck["reason"]
    (finding,) = [one for host in fleet.report["hosts"] for one in host["findings"] if one.get("waived")]
    assert finding["id"] == "extensions_enabled"
    assert fleet.report["azure"]["error"] == "The run ended before Azure was read"


def _interrupt(process):
    """Presses Ctrl-C; ansible-core 2.16 sometimes does not end by it, and is then killed as an operator does."""
    for signum in (signal.SIGINT, signal.SIGINT, signal.SIGKILL):
        os.killpg(process.pid, signum)
        try:
            process.wait(15)
            return
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the run does not end")


def _until(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def test_a_run_says_how_it_was_started_and_what_it_left_out(fleet):
    fleet.saved("guest", conf("y"))
    result = fleet.run("--limit", "guest", **ONE_CHECK)
    assert result.returncode == 0, result.stdout
    assert "are ready" not in result.stdout and "is ready" not in result.stdout
    run, scope = fleet.report["run"], fleet.report["scope"]
    assert run["inventory"] == [str(fleet.folder / "inventory.json")] and run["limit"] == "guest"
    assert run["parameters"]["only"] == ["extensions_enabled"] and run["seconds"] >= 0
    assert scope["left_out"]["hosts"] == 1 and scope["left_out"]["critical"] > 20
    assert "left out by choice" in result.stdout


@pytest.mark.parametrize(
    ("book", "formats", "page"), [("diagnose", "json,html", "report.html"), ("verify", "markdown", "report.md")]
)
def test_a_part_of_the_fleet_does_not_replace_the_report_of_all(fleet, book, formats, page):
    fleet.book, options = book, {"diagnose_formats": formats, **ONE_CHECK}
    fleet.saved("web1", conf("y"))
    fleet.saved("web2", conf("y"))
    assert f"Report: {fleet.report_dir}/{page}" in fleet.run("--limit", "web1", **options).stdout
    assert fleet.run(**options).returncode == 0
    whole = (fleet.report_dir / page).read_bytes()
    result = fleet.run("--limit", "web1", **options)
    assert result.returncode == 0 and f"Report: {fleet.report_dir}/limit/{page}" in result.stdout
    assert (fleet.report_dir / page).read_bytes() == whole
    assert len(list((fleet.report_dir / "states").glob("*.gz"))) == 2
    part = fleet.report_dir / "limit"
    assert "web2" not in (part / page).read_text("utf-8") and (part / "states").is_dir()


def test_a_run_that_diagnoses_nobody_fails_whatever_its_gate(fleet):
    for name in ("web1", "web2"):
        fleet.silent(name, "echo 'ssh: connect to host port 22: No route to host' >&2; exit 255")
    result = fleet.run()
    assert result.returncode == 2 and "Cannot diagnose any of the 2 hosts" in result.stdout + result.stderr
    assert set(fleet.verdicts.values()) == {"unreachable"}
