# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed collection run by ansible-runner, as AWX does it, and by ansible-navigator."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
import yaml
from test_diagnose_playbook import ONE_CHECK, REPO, Fleet, conf

BIN = pathlib.Path(sys.executable).parent
PROJECT = REPO / "examples/awx"
BLOCKED = {"good": "partial", "off": "blocked"}


@pytest.fixture
def fleet(tmp_path):
    made = Fleet(tmp_path)
    made.saved("good", conf("y"))
    made.saved("off", conf("n"))
    return made


def run(installed, folder, *command):
    if not (BIN / command[0]).is_file():
        pytest.skip(f"{command[0]} is not installed")
    surroundings = {
        **{name: value for name, value in os.environ.items() if name != "ANSIBLE_CONFIG"},
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "ANSIBLE_COLLECTIONS_PATH": str(installed.parents[2]),
        "HOME": str(folder),
    }
    return subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def survey(playbook):
    """The answers of a survey that nobody changes."""
    templates = yaml.safe_load((PROJECT / "controller_templates.yml").read_text("utf-8"))["controller_templates"]
    (template,) = (one for one in templates if one["playbook"] == playbook)
    questions = template["survey_spec"]["spec"]
    return {
        one["variable"]: one["default"].split("\n") if one["type"] == "multiselect" else one["default"]
        for one in questions
    }


@pytest.fixture
def private_data_dir(fleet):
    """What AWX makes of a job: the project, an inventory, and the answers of the survey as extra variables."""
    folder = fleet.folder / "job"
    shutil.copytree(PROJECT, folder / "project")
    for part in ("inventory", "env"):
        (folder / part).mkdir()
    (folder / "inventory/hosts.json").write_text(json.dumps({"all": {"hosts": fleet.hosts}}))
    answers = {**survey("diagnose.yml"), **ONE_CHECK, "diagnose_report_dir": str(fleet.report_dir)}
    (folder / "env/extravars").write_text(json.dumps(answers))
    return folder


def test_ansible_runner(installed, fleet, private_data_dir):
    done = run(installed, fleet.folder, "ansible-runner", "run", private_data_dir, "-p", "diagnose.yml", "--ident", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert fleet.verdicts == BLOCKED
    events = [json.loads(path.read_text("utf-8")) for path in private_data_dir.glob("artifacts/1/job_events/*-*.json")]
    answered = {
        one["event_data"]["host"]
        for one in events
        if one["event"] == "runner_on_ok" and "findings" in one["event_data"]["res"]
    }
    assert answered == set(BLOCKED)


def test_the_gate_of_a_job(installed, fleet, private_data_dir):
    given = private_data_dir / "env/extravars"
    given.write_text(json.dumps({**json.loads(given.read_text("utf-8")), "diagnose_fail_on": "critical"}))
    done = run(installed, fleet.folder, "ansible-runner", "run", private_data_dir, "-p", "diagnose.yml", "--ident", "1")
    assert done.returncode == 2, done.stdout + done.stderr
    assert (private_data_dir / "artifacts/1/status").read_text("utf-8") == "failed"
    assert fleet.verdicts == BLOCKED


def test_ansible_navigator(installed, fleet):
    inventory = fleet.folder / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": fleet.hosts}}))
    variables = json.dumps({**ONE_CHECK, "diagnose_report_dir": str(fleet.report_dir)})
    options = ["--mode", "stdout", "--ee", "false", "--pae", "false", "--lf", str(fleet.folder / "navigator.log")]
    arguments = ["vmbackup.azure.diagnose", *options, "-i", str(inventory), "-e", variables]
    done = run(installed, fleet.folder, "ansible-navigator", "run", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert fleet.verdicts == BLOCKED
    assert "extensions_enabled" in done.stdout
