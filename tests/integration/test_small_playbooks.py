# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbooks of one purpose: the machine whose backup failed, and an agent that logs more."""

import json
import os
import pathlib
import subprocess
import sys

import yaml

REPO = pathlib.Path(__file__).resolve().parents[2]
STATE = str(REPO / "examples/fleet/states/web-eu-01.json")


def played(name, folder, hosts, **variables):
    inventory = folder / "hosts.yml"
    inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}))
    command = [pathlib.Path(sys.executable).with_name("ansible-playbook"), REPO / "playbooks" / f"{name}.yml"]
    command += ["-i", inventory, "-e", json.dumps(variables)]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg")}
    run = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=REPO, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_machines_of_one_name_have_reports_of_their_own(tmp_path):
    ids = {
        f"web1-{group}": f"/subscriptions/s/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/web1"
        for group in ("prod", "test")
    }
    hosts = {
        name: {"id": id_, "diagnose_state_file": STATE, "ansible_connection": "local"} for name, id_ in ids.items()
    }
    for id_ in ids.values():
        reports = str(tmp_path / "alerts")
        played("failed_backup", tmp_path, hosts, failed_backup_machine=id_, failed_backup_report_dir=reports)
    for name in ids:
        report = json.loads((tmp_path / "alerts" / name / "report.json").read_text("utf-8"))
        assert [host["host"] for host in report["hosts"]] == [name]


def test_verbose_logging_leaves_windows_alone(tmp_path):
    # Nothing listens there: a task that needs the guest would fail.
    windows = {"ansible_connection": "winrm", "ansible_host": "127.0.0.1", "ansible_port": 9, "ansible_user": "a"}
    shown = played("verbose_logging", tmp_path, {"win1": {**windows, "ansible_password": "b"}})
    assert "win1: skipped: verbose logging is a setting of the Linux agent" in shown
