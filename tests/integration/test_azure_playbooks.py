# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diagnosis with Azure's side, from a saved file: both halves joined, Azure alone, and what a fix makes of it."""

import json
import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml
from test_diagnose_playbook import REPO, Fleet, conf

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "unit"))
from azure_states import VM, azure_state

ONLY = ["extensions_enabled", "protection", "consistency", "power_state"]
GONE = "echo 'ssh: connect to host web3 port 22: No route to host' >&2; exit 255"


def machine(name, power="running", **changes):
    return azure_state(vm={"name": name, "id": VM.replace("web1", name), "power": power}, **changes)


class Both(Fleet):
    """Saved guests and saved virtual machines."""

    def azure(self, *machines, **more):
        path = self.folder / "azure.json"
        path.write_text(json.dumps({"schema": 1, "read_at": "2026-03-02T06:00:00Z", "vms": machines, **more}))
        return str(path)

    def command(self, *arguments, **variables):
        return super().command(*arguments, **{"diagnose_become": False, "diagnose_only": ONLY, **variables})

    @property
    def causes(self):
        return {host["host"]: (host["verdict"], host["first_cause"]) for host in self.report["hosts"]}


@pytest.fixture
def fleet(tmp_path):
    return Both(tmp_path)


CRASH = {"policy": {"consistency": "OnlyCrashConsistent"}}


def test_both_halves_are_joined(fleet):
    fleet.saved("web1", conf("n"))
    fleet.saved("web2", conf("y"))
    fleet.silent("web3", GONE)
    fleet.saved("web4", conf("n"))
    fleet.saved("web5", conf("n"))
    fleet.hosts["web5"]["diagnose_skip"] = ["extensions_enabled"]
    file = fleet.azure(
        machine("web1"),
        machine("web2", protection={"items": []}, policy=None, vault=None, jobs=[]),
        machine("web3", power="deallocated"),
        machine("web4", **CRASH),
        machine("web5"),
        machine("stray", protection={"items": []}, policy=None, vault=None, jobs=[]),
    )
    result = fleet.run(diagnose_azure_state_file=file)
    assert result.returncode == 0, result.stdout + result.stderr
    assert fleet.causes == {
        "web1": ("blocked", "extensions_enabled"),
        "web2": ("blocked", "protection"),
        "web3": ("partial", None),
        "web4": ("partial", None),
        "web5": ("partial", None),
    }
    assert "Nothing backs these up" in result.stdout
    assert "1 virtual machine neither protected nor in the inventory: stray" in result.stdout


def test_what_a_run_kept_of_a_machine_is_judged_with_a_guest_of_today(fleet):
    fleet.saved("web1", conf("n"))
    file = fleet.azure(machine("web1", **CRASH))
    assert fleet.run(diagnose_azure_state_file=file).returncode == 0
    first, fleet.report_dir = fleet.report_dir, fleet.folder / "second"
    assert fleet.run().returncode == 0
    assert fleet.causes == {"web1": ("blocked", "extensions_enabled")}
    assert fleet.run(diagnose_kept_machine=str(first)).returncode == 0
    assert fleet.causes == {"web1": ("partial", None)}
    assert fleet.report["hosts"][0]["azure"]["name"] == "web1"


def test_both_sides_in_a_variable_as_the_page_of_the_role_says(fleet):
    fleet.saved("web1", conf("n"))
    file = fleet.azure(machine("web1", **CRASH))
    page = (REPO / "roles/diagnose/README.md").read_text("utf-8")
    (play,), tasks = map(yaml.safe_load, re.findall(r"(?s)```yaml\n(.*?)```", page))
    verdicts = "{{ diagnose_result.verdict }} {{ both_sides.verdict }} {{ both_sides.azure.name }}"
    play["tasks"] = [*tasks, {"ansible.builtin.debug": {"msg": verdicts}}]
    play["roles"][0]["vars"]["diagnose_fail_on"] = "never"
    (fleet.folder / "play.json").write_text(json.dumps([play]))
    command = fleet.command(diagnose_azure_state_file=file)
    command[command.index("playbooks/diagnose.yml")] = "play.json"
    # The report directory of the page is below the current one.
    given = json.loads(command[command.index("-e") + 1])
    del given["diagnose_report_dir"]
    command[command.index("-e") + 1] = json.dumps(given)
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")}
    result = subprocess.run(
        command, cwd=fleet.folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert "blocked partial web1" in result.stdout, result.stdout + result.stderr


def test_azure_alone(fleet):
    fleet.hosts = {"web1": {}, "web9": {}}
    fleet.book = "azure"
    file = fleet.azure(machine("web1"), machine("web2", protection={"items": []}, policy=None, vault=None, jobs=[]))
    variables = {"diagnose_azure_state_file": file, "diagnose_report_dir": str(fleet.report_dir)}
    result = fleet.run(**variables)
    assert result.returncode == 0, result.stdout + result.stderr
    assert fleet.causes == {"web1": ("partial", None), "web2": ("blocked", "protection")}
    assert fleet.report["azure"]["hosts_without_machine"] == ["web9"]
    assert fleet.run(**variables, diagnose_fail_on="critical").returncode == 2


@pytest.mark.parametrize(
    ("vms", "said"), [(None, "Cannot read '"), ([], "Cannot diagnose from Azure: no virtual machine was found")]
)
def test_azure_alone_fails_where_it_tells_of_no_machine(fleet, vms, said):
    fleet.book = "azure"
    file = fleet.folder / "azure.json"
    if vms is not None:
        file.write_text(json.dumps({"schema": 1, "vms": vms}))
    result = fleet.run(diagnose_azure_state_file=str(file), diagnose_report_dir=str(fleet.report_dir))
    assert result.returncode == 2 and said in result.stdout + result.stderr
    assert "those of the guests" not in result.stdout


def test_a_file_that_is_none_ends_the_run_before_any_host_is_asked(fleet):
    fleet.silent("web1", f"touch {fleet.folder}/asked; exit 255")
    result = fleet.run(diagnose_azure_state_file="/nowhere/azure.json")
    assert result.returncode == 2
    assert "Cannot read '/nowhere/azure.json': No such file or directory" in result.stdout + result.stderr
    assert not (fleet.folder / "asked").exists()


@pytest.mark.parametrize(("gate", "status"), [("never", 0), ("critical", 2)])
def test_where_azure_cannot_be_read_the_guests_are_diagnosed_all_the_same(fleet, gate, status, monkeypatch):
    for name in [name for name in os.environ if name.startswith("AZURE_")]:
        monkeypatch.delenv(name)
    fleet.saved("web1", conf("y"))
    result = fleet.run(diagnose_azure={"auth_source": "env"}, diagnose_fail_on=gate)
    assert result.returncode == status, result.stdout + result.stderr
    assert fleet.causes == {"web1": ("partial", None)}
    error = fleet.report["azure"]["error"]
    assert error.startswith("Cannot ") and " ".join(result.stdout.split()).count(error) >= 1


class Fixes(Both):
    book = "fix"


def test_a_fix_plans_from_both_halves(tmp_path):
    fleet = Fixes(tmp_path)
    fleet.answers("web1", conf("n"))
    fleet.answers("web2", conf("n"))
    fleet.silent("web3", GONE)
    file = fleet.azure(machine("web1"), machine("web2", **CRASH), machine("web3", power="deallocated"))
    result = fleet.run("--check", diagnose_azure_state_file=file)
    said = json.loads((fleet.report_dir / "fix.json").read_text("utf-8"))["hosts"]
    hosts = {host["host"]: host for host in said}
    assert {name: (host["before"], host["planned"]) for name, host in hosts.items()} == {
        "web1": ("blocked", ["waagent_conf"]),
        "web2": ("partial", []),
        "web3": ("partial", []),
    }, result.stdout + result.stderr
    (left,) = hosts["web2"]["left"]
    assert left["reason"] == "backups of this machine do not use the guest (consistency)"
    assert not hosts["web3"]["failed"], "a machine that is off need not be reached"
