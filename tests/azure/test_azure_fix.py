# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Azure shows wrong is fixed in Azure by the ordinary plan, proved there, and undone with the run."""

import json
import pathlib
import sys

import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPO / "tests/integration"))

from test_azure_acts import machine  # noqa: E402
from test_diagnose_playbook import READY, Fleet  # noqa: E402

ONLY = ["power_state", "provisioning_state", "extension_provisioning", "handler_status"]
GONE = "echo 'ssh: connect to host app-rdp port 22: No route to host' >&2; exit 255"
ALLOW = {"remediate_allow": ["auto", "confirm"]}


class Fixes(Fleet):
    book = "fix"

    def command(self, *arguments, **variables):
        azure = {"diagnose_azure": {"resource_groups": ["prod-app"]}, "diagnose_only": ONLY}
        return super().command(*arguments, **{**azure, "diagnose_become": False, **variables})

    @property
    def fixed(self):
        found = json.loads((self.report_dir / "fix.json").read_text("utf-8"))
        return found["run_id"], {host["host"]: host for host in found["hosts"]}


@pytest.fixture
def fleet(tmp_path):
    fleet = Fixes(tmp_path)
    for name in ("app-failed", "app-ext"):
        fleet.saved(name, READY)
        fleet.hosts[name].update(ansible_connection="local")
    fleet.silent("app-rdp", GONE)
    return fleet


def test_nothing_in_azure_is_changed_without_agreement(standin, fleet):
    azure = standin("article")
    result = fleet.run()
    assert result.returncode == 0, result.stdout + result.stderr
    _run, hosts = fleet.fixed
    assert {name: host["planned"] for name, host in hosts.items()} == dict.fromkeys(hosts, [])
    assert "not allowed: add 'confirm' (or 'power_state') to remediate_allow" in result.stdout
    assert not [entry for entry in azure.log if entry.method in ("PUT", "DELETE") or entry.path.endswith("/reapply")]


def test_a_fix_in_azure_is_shown_made_proved_and_undone(standin, fleet):
    azure = standin("article")
    azure.cloud.settings["retry_after"] = 0.05
    names = {name: azure.document(machine(name)) for name in fleet.hosts}
    result = fleet.run("--check", "--diff", **ALLOW)
    assert result.returncode == 0, result.stdout + result.stderr
    assert '"power": "deallocated"' in result.stdout and names["app-rdp"]["_power"] == "stopped"

    result = fleet.run(**ALLOW)
    assert result.returncode == 0, result.stdout + result.stderr
    run_id, hosts = fleet.fixed
    assert {name: (host["before"], host["done"], host["after"]) for name, host in hosts.items()} == {
        "app-ext": ("blocked", ["azure_vm_extension"], "ready"),
        "app-failed": ("blocked", ["azure_vm_power"], "ready"),
        "app-rdp": ("at_risk", ["azure_vm_power"], "ready"),
    }
    assert names["app-rdp"]["_power"] == "deallocated"
    assert names["app-failed"]["properties"]["provisioningState"] == "Succeeded"
    assert azure.cloud.store.get(f"{machine('app-ext')}/extensions/VMSnapshotLinux") is None
    journal = json.loads((fleet.report_dir / f"azure-journal/{run_id}.json").read_text("utf-8"))
    assert {(entry["host"], entry["kind"], entry["state"]) for entry in journal["entries"]} == {
        ("app-ext", "extension", "done"),
        ("app-failed", "provisioning", "done"),
        ("app-rdp", "power", "done"),
    }
    assert azure.unhandled() == []


def test_a_fix_that_azure_refuses_fails_the_host_with_the_permission(standin, fleet):
    azure = standin("article", principal=1)
    result = fleet.run("--limit", "app-rdp", **ALLOW)
    assert result.returncode != 0
    _run, hosts = fleet.fixed
    assert "azure_vm_power did not fix this host: Cannot change" in hosts["app-rdp"]["failed"]
    assert "AuthorizationFailed" in hosts["app-rdp"]["failed"] and hosts["app-rdp"]["after"] == "at_risk"
    assert azure.document(machine("app-rdp"))["_power"] == "stopped"
