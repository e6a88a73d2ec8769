# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module and the playbook as users run them, against the stand-in."""

import json
import os
import subprocess

import pytest
import yaml
from reading import ROOT

REPO = ROOT.parents[1]
SECRET = "operator-secret"


def play(tmp_path, azure, *arguments, playbook=None, **options):
    """The result of ansible-playbook; ``options`` are those of the module where no playbook is named."""
    if playbook is None:
        playbook = tmp_path / "read.yml"
        task = {"vmbackup.azure.azure_vm_state_info": options, "register": "azure"}
        keep = {"content": "{{ azure | to_json }}", "dest": str(tmp_path / "azure.json"), "mode": "0600"}
        tasks = [task, {"ansible.builtin.copy": keep, "check_mode": False}]
        playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    environment = {
        **os.environ,
        **azure.environment(),
        "ANSIBLE_COLLECTIONS_PATH": f"{REPO}/.collections",
        "ANSIBLE_CONFIG": f"{REPO}/ansible.cfg",
        "ANSIBLE_LOCALHOST_WARNING": "false",
    }
    del environment["AZURE_SUBSCRIPTION_ID"]
    command = ["ansible-playbook", str(playbook), *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, cwd=tmp_path, check=False
    )


def test_the_module_in_check_mode(standin, tmp_path):
    result = play(tmp_path, standin("article"), "--check", "-vvv", names=["app-ok", "app-agent"], secret=SECRET)
    assert result.returncode == 0, result.stdout
    found = json.loads((tmp_path / "azure.json").read_text())
    assert sorted(state["vm"]["name"] for state in found["vms"]) == ["app-agent", "app-ok"]
    assert (found["schema"], found["gaps"], found["changed"]) == (1, [], False) and found["calls"] <= 20
    assert SECRET not in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"secret": "a-wrong-secret-value"}, "AADSTS7000215: Invalid client secret provided"),
        ({"auth_source": "magic"}, "value of auth_source must be one of"),
        ({"names": ["x' or"]}, "Cannot select virtual machines: 'x' or' is neither a name nor an id of Azure"),
    ],
)
def test_a_reading_that_fails_says_why_in_one_sentence(standin, tmp_path, options, said):
    result = play(tmp_path, standin("article"), "-vvv", **options)
    assert result.returncode == 2 and said in " ".join(result.stdout.split())
    assert "Traceback" not in result.stdout + result.stderr
    assert "a-wrong-secret-value" not in result.stdout + result.stderr


def test_a_report_from_azure_alone(standin, tmp_path):
    report = tmp_path / "report"
    variables = {"diagnose_azure": {"resource_groups": ["prod-app"]}, "diagnose_report_dir": str(report)}
    playbook = f"{REPO}/playbooks/azure.yml"
    result = play(tmp_path, standin("article"), "-e", json.dumps(variables), playbook=playbook)
    assert result.returncode == 0, result.stdout
    hosts = {host["host"]: host for host in json.loads((report / "report.json").read_text())["hosts"]}
    assert hosts["app-new"]["first_cause"] == "protection" and hosts["app-new"]["verdict"] == "blocked"
    assert hosts["app-ok"]["verdict"] in ("ready", "at_risk") and len(hosts) == 8


def test_a_saved_reading_serves_without_azure(standin, tmp_path):
    azure = standin("article")
    assert play(tmp_path, azure).returncode == 0
    variables = {
        "diagnose_azure_state_file": str(tmp_path / "azure.json"),
        "diagnose_report_dir": str(tmp_path / "report"),
    }
    asked = azure.calls()
    result = play(tmp_path, azure, "-e", json.dumps(variables), playbook=f"{REPO}/playbooks/azure.yml")
    assert result.returncode == 0, result.stdout
    assert azure.calls() == asked and (tmp_path / "report" / "report.json").exists()


def test_the_acceptance_run(standin, tmp_path):
    """It works at all: on a real subscription it is what decides."""
    directory = tmp_path / "kept"
    subscription = "22222222-2222-2222-2222-222222222222"
    variables = json.dumps({"acceptance_subscription": subscription, "acceptance_directory": str(directory)})
    azure = standin("conditions")
    result = play(tmp_path, azure, "-e", variables, playbook=f"{REPO}/tests/azure/acceptance.yml")
    assert result.returncode == 0, result.stdout
    assert (directory / "azure.json").stat().st_mode & 0o777 == 0o600
