# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks ask Azure themselves: machines alone, and together with saved guests."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]
PLAYBOOK = pathlib.Path(sys.executable).with_name("ansible-playbook")
MACHINES = {
    "app-agent": ("blocked", "agent_ready"),
    "app-ext": ("blocked", "handler_status"),
    "app-failed": ("blocked", "provisioning_state"),
    "app-new": ("blocked", "protection"),
    "app-off": ("ready", None),
    "app-ok": ("ready", None),
    "app-rdp": ("at_risk", "power_state"),
    "app-win": ("ready", None),
    "proxy-vm": ("blocked", "protection"),
}
"""Verdict and first cause of each machine of the article's estate."""

MACHINE = (
    "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/prod-app/providers"
    "/Microsoft.Compute/virtualMachines/"
)
GUESTS = [
    ("app-agent", "app-us-02", "python_usable", "agent_ready"),
    ("app-ext", "app-us-03", "ext_python_supported", "handler_status"),
    ("app-rdp", "win-us-02", "rdagent_running", "last_job"),
]
"""Machine, saved guest, the cause in the guest, and what Azure sees of it."""


def play(book, folder, hosts, status=0, **variables):
    """The report of a playbook, and what it showed."""
    inventory = folder / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    variables = {"diagnose_azure": True, "diagnose_report_dir": str(folder / "report"), **variables}
    result = subprocess.run(
        [PLAYBOOK, f"playbooks/{book}.yml", "-i", inventory, "-e", json.dumps(variables)],
        cwd=REPO,
        env={**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == status, result.stdout + result.stderr
    return json.loads((folder / "report/report.json").read_text("utf-8")), result.stdout + result.stderr


def test_from_azure_alone(standin, tmp_path):
    azure = standin("article")
    report, _shown = play("azure", tmp_path, {})
    assert report["azure"]["error"] is None
    assert report["azure"]["machines"] == len(report["hosts"])
    assert {host["host"]: (host["verdict"], host["first_cause"]) for host in report["hosts"]} == MACHINES
    assert all(host["azure"]["id"].startswith("/subscriptions/") for host in report["hosts"])
    assert azure.unhandled() == []


def test_together_with_a_saved_guest(standin, tmp_path):
    standin("article")
    alone, _shown = play("azure", tmp_path, {})
    name = alone["hosts"][0]["host"]
    guest = json.loads((REPO / "examples/fleet/states/web-eu-01.json").read_text("utf-8"))
    guest["identity"]["hostname"] = name
    (tmp_path / "guest.json").write_text(json.dumps(guest))
    report, _shown = play("diagnose", tmp_path, {name: {"diagnose_state_file": str(tmp_path / "guest.json")}})
    (host,) = report["hosts"]
    assert (host["platform"], host["azure"]["name"]) == ("linux", name)
    assert {finding.get("subject") for finding in host["findings"]} == {None, "azure"}
    others = {one["name"] for one in report["azure"]["machines_without_host"]}
    assert others == {one["host"] for one in alone["hosts"]} - {name}


@pytest.mark.parametrize(("machine", "guest", "cause", "seen"), GUESTS)
def test_what_azure_sees_of_a_fault_in_the_guest_is_one_finding_with_it(standin, tmp_path, machine, guest, cause, seen):
    standin("article")
    state = {"diagnose_state_file": str(REPO / f"examples/fleet/states/{guest}.json")}
    variables = {"id": MACHINE + machine}
    report, _shown = play("diagnose", tmp_path, {"here": {**state, **variables}})
    (host,) = report["hosts"]
    assert (host["azure"]["name"], host["first_cause"]) == (machine, cause)
    found = {finding["id"]: finding for finding in host["findings"]}
    assert found[seen]["consequence_of"] is not None and found[seen]["subject"] == "azure"


def test_a_log_in_that_is_refused_is_a_sentence_without_the_secret(standin, tmp_path):
    standin("article")
    password = "s3cret-of-the-principal"
    report, shown = play("azure", tmp_path, {}, 2, diagnose_azure={"secret": password})
    assert report["hosts"] == [] and report["azure"]["error"].startswith("Cannot ")
    assert password not in shown + json.dumps(report)
