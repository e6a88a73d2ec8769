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

from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._change import change, settled  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._journal import Journal  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._acts._machine import Power  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._client import Client  # noqa: E402
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._login import settle  # noqa: E402
from azure_standin import backup  # noqa: E402
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
        fleet.answers(name, READY)
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
        "app-ext": ("blocked", ["azure_vm_extension"], "partial"),
        "app-failed": ("blocked", ["azure_vm_power"], "partial"),
        "app-rdp": ("at_risk", ["azure_vm_power"], "partial"),
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


def test_undo_reaches_azure_also_where_the_guest_is_gone(standin, fleet, tmp_path):
    azure = standin("article")
    id_ = machine("app-off")
    journal = Journal(str(fleet.report_dir), "run-1")
    kind = Power(Client(settle({}), 30), print)
    change(kind, id_, "running", settled(kind, id_), journal, "app-rdp")
    fleet.book = "undo"
    shown = fleet.run("--check", "--limit", "app-rdp", undo_run_id="run-1")
    assert "app-rdp: would bring back power app-off in Azure" in shown.stdout
    assert azure.document(id_)["_power"] == "running"
    result = fleet.run("--limit", "app-rdp", undo_run_id="run-1")
    assert "app-rdp: brought back power app-off in Azure" in result.stdout, result.stdout + result.stderr
    assert azure.document(id_)["_power"] == "deallocated" and result.returncode == 2
    assert "Cannot undo on 'app-rdp': " in result.stdout and "No route to host" in result.stdout
    again = fleet.run("--limit", "app-rdp", undo_run_id="run-1")
    assert "brought back" not in again.stdout


def test_a_fix_is_proved_by_a_backup(standin, fleet):
    azure = standin("article")
    # Longer than the fix follows a job: it ends with the snapshot.
    azure.cloud.settings["transfer_seconds"] = 600
    azure.document(machine("app-failed"))["_backup_error"] = "UserErrorRpCollectionLimitReached"
    fleet.hosts.pop("app-rdp")
    result = fleet.run(
        **ALLOW, fix_prove_by_backup=True, test_backup_most_in_24h=9, fix_serial=2, fix_max_fail_percentage=100
    )

    _run, hosts = fleet.fixed
    assert (hosts["app-ext"]["backup"], hosts["app-ext"]["failed"]) == ("InProgress", ""), result.stdout
    assert azure.cloud.store.get(f"{machine('app-ext')}/extensions/VMSnapshotLinux"), "the backup has loaded it again"
    assert hosts["app-failed"]["backup"] == "Failed" and result.returncode != 0
    assert hosts["app-failed"]["failed"].startswith("Not proved by a backup: The backup ended as Failed: ")
    assert "(UserErrorRpCollectionLimitReached)" in hosts["app-failed"]["failed"]


def test_a_backup_that_began_before_the_fix_proves_nothing(standin, fleet):
    azure = standin("article")
    azure.cloud.settings.update(transfer_seconds=6000, retry_after=0.05)
    fleet.hosts = {"app-rdp": fleet.hosts["app-rdp"]}
    (item,) = (one for one in azure.cloud.store.of_type(backup.ITEMS) if one["name"].endswith(";app-rdp"))
    old = backup.new_job(azure.cloud, item, "Backup", started=azure.cloud.now() - 3600)

    def fails(_answer):
        if old["properties"]["status"] == "InProgress":
            backup.end_backup(azure.cloud, item, old, azure.cloud.now(), "GuestAgentSnapshotTaskStatusError")

    azure.fault(f"GET .*/backupJobs/{old['name']}$", edit=fails)
    result = fleet.run(**ALLOW, fix_prove_by_backup=True, test_backup_most_in_24h=9)
    _run, hosts = fleet.fixed
    assert (hosts["app-rdp"]["backup"], hosts["app-rdp"]["failed"]) == ("InProgress", ""), result.stdout
    assert azure.calls("POST", "app-rdp/backup$") == 1


class Backups(Fixes):
    book = "test_backup"


def test_backups_are_tested_and_what_fails_is_explained(standin, tmp_path):
    azure = standin("article")
    fleet = Backups(tmp_path)
    for name in ("app-ok", "app-new"):
        fleet.saved(name, READY)
    fleet.silent("app-rdp", GONE)
    fleet.silent("stray", GONE)
    imds = {"instance": {"compute": {"resource_id": machine("app-ext")}}}
    fleet.saved("hostile", {**READY, "fabric": {"imds": imds}})
    shown = fleet.run("--check")
    assert "app-ok: would be backed up" in shown.stdout and azure.calls("POST", "/backup$") == 0
    batches = {"test_backup_serial": 3, "test_backup_report_dir": str(tmp_path / "batches")}
    result = fleet.run(test_backup_wait="job", test_backup_most_in_24h=9, **batches)
    assert result.returncode != 0
    said = " ".join((result.stdout + result.stderr).split())
    assert "app-ok: the backup ended as Completed" in said
    assert "[app-ok] Transfer data to vault: Completed" in said
    assert "Cannot find the backup of 'app-new': no vault protects it" in said
    assert "Cannot back up 'stray': no machine in Azure was found for it" in said
    assert "Cannot back up 'hostile': only the guest says that it is 'app-ext'" in said
    assert azure.calls("POST", "app-ext/backup") == 0
    assert "app-rdp: The backup ended as Failed: " in said and "(GuestAgentSnapshotTaskStatusError)" in said
    # That of the fleet is not replaced.
    report = json.loads((fleet.report_dir / "test_backup/report.json").read_text("utf-8"))
    assert len(report["hosts"]) == len(fleet.hosts) and not (fleet.report_dir / "report.json").exists()


@pytest.mark.parametrize(
    ("principal", "fault", "fails", "said"),
    [
        (1, None, True, "AuthorizationFailed"),
        (0, {"status": 429, "retry_after": 0.1, "times": 2}, False, "app-ok: the backup ended as Completed"),
        (0, {"status": 429, "retry_after": 90000}, True, "no time is left to wait 90,000 s, of 80,000 s for all"),
    ],
)
def test_a_backup_that_is_refused_or_throttled(standin, tmp_path, principal, fault, fails, said):
    azure = standin("article", principal)
    azure.cloud.settings.update(retry_after=0.05, snapshot_seconds=0, transfer_seconds=0)
    if fault:
        azure.fault("POST .*/backup$", **fault)
    fleet = Backups(tmp_path)
    fleet.saved("app-ok", READY)
    shown = fleet.run("--check")
    assert "app-ok: would be backed up" in shown.stdout and azure.calls("POST", "/backup$") == 0
    result = fleet.run(test_backup_wait="job", test_backup_timeout=80000)
    assert (result.returncode != 0) is fails
    assert said in " ".join((result.stdout + result.stderr).split())


def test_check_mode_says_that_a_backup_under_way_would_be_followed(standin, tmp_path):
    azure = standin("article")
    (item,) = (one for one in azure.cloud.store.of_type(backup.ITEMS) if one["name"].endswith(";app-ok"))
    backup.new_job(azure.cloud, item, "Backup")
    fleet = Backups(tmp_path)
    fleet.saved("app-ok", READY)
    options = {"test_backup_most_in_24h": 9}
    assert "app-ok: the backup that is under way would be followed" in fleet.run("--check", **options).stdout
    assert "app-ok: would be backed up" in fleet.run("--check", test_backup_fresh=True, **options).stdout


def test_a_test_of_backups_needs_azure(tmp_path):
    fleet = Backups(tmp_path)
    fleet.saved("app-ok", READY)
    result = fleet.run(diagnose_azure=False)
    assert result.returncode != 0 and "Cannot test backups without Azure" in result.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [("diagnose_report_dir", "/nowhere"), ("diagnose_fail_on", "critical"), ("diagnose_fail_on_new", "critical")],
)
def test_a_test_of_backups_reads_its_own_report(standin, tmp_path, name, value):
    standin("article")
    fleet = Backups(tmp_path)
    fleet.saved("app-ok", READY)
    result = fleet.run(**{name: value})
    said = " ".join((result.stdout + result.stderr).split())
    assert result.returncode != 0 and "Cannot test backups with '-e diagnose_report_dir', " in said
    assert not fleet.report_dir.exists()
