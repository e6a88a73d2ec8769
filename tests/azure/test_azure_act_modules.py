# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that act on Azure as users run them, against the stand-in."""

import json

import pytest
import yaml
from azure_standin import backup
from test_azure_acts import GROUPS, NSG, VAULT, machine
from test_azure_module import play

TASKS = {
    "azure_nsg_rule": {
        "group": NSG,
        "name": "allow-proxy",
        "source": ["10.0.0.5/32"],
        "destination": ["Internet"],
        "destination_ports": ["80-443"],
    },
    "azure_vm_power": {"id": machine("app-failed"), "reapply": True, "state": "deallocated"},
    "azure_vm_extension": {"id": machine("app-ext")},
    "azure_backup_policy_assignment": {"id": machine("app-ok"), "policy": "evening"},
    "azure_backup_schedule": {"policy": f"{VAULT}/backupPolicies/DefaultPolicy", "times": ["23:30"]},
}


def run(tmp_path, azure, tasks, *arguments, host="localhost"):
    """Results of tasks in one play."""
    book = [{name: {**options, "run_id": "run-1", "report_dir": str(tmp_path / "report")}} for name, options in tasks]
    for number, task in enumerate(book):
        task.update(register=f"made_{number}", ignore_errors=True)
    made = ", ".join(f"made_{number}" for number, _task in enumerate(book))
    results, playbook = tmp_path / "results", tmp_path / "act.yml"
    keep = {"ansible.builtin.copy": {"dest": str(results), "content": f"{{{{ [{made}] | to_json }}}}"}}
    results.unlink(missing_ok=True)
    tasks = [*book, {**keep, "check_mode": False, "diff": False}]
    playbook.write_text(yaml.safe_dump([{"hosts": host, "gather_facts": False, "tasks": tasks}]))
    shown = play(tmp_path, azure, *arguments, playbook=playbook)
    assert "Traceback" not in shown.stdout + shown.stderr, shown.stdout
    assert results.exists(), shown.stdout
    return json.loads(results.read_text()), shown.stdout + shown.stderr


def named(tasks):
    return [(f"vmbackup.azure.{name}", options) for name, options in tasks.items()]


def test_check_real_again_and_undo(standin, tmp_path):
    azure = standin("article")
    azure.cloud.store.remove(f"{GROUPS}/prod-net/providers/Microsoft.Authorization/locks/keep")
    azure.cloud.settings["retry_after"] = 0.05

    def values():
        policy = azure.document(f"{VAULT}/backupPolicies/DefaultPolicy")["properties"]
        failed = azure.document(machine("app-failed"))
        rules = [rule["name"] for rule in azure.document(NSG)["properties"]["securityRules"]]
        items = [item for item in azure.cloud.store.all() if item["name"].endswith(";app-ok")]
        extension = azure.cloud.store.get(f"{machine('app-ext')}/extensions/VMSnapshotLinux")
        times = (
            policy["schedulePolicy"]["scheduleRunTimes"],
            policy["retentionPolicy"]["dailySchedule"]["retentionTimes"],
        )
        state = failed["_power"], failed["properties"]["provisioningState"]
        return rules, state, extension is None, items[0]["properties"]["policyName"], times

    before = values()
    shown, text = run(tmp_path, azure, named(TASKS), "--check", "--diff")
    assert [result["changed"] for result in shown] == [True] * 5 and values() == before
    assert '+ "destination": [' in " ".join(text.split()) and '"priority": 200' in text
    assert not (tmp_path / "report" / "azure-journal" / "run-1.json").exists()

    made, _text = run(tmp_path, azure, named(TASKS))
    assert [result["changed"] for result in made] == [True] * 5, made
    assert [one["after"] for one in made] == [one["after"] for one in shown]
    rules, state, gone, policy, times = values()
    assert "allow-proxy" in rules and state == ("deallocated", "Succeeded") and gone and policy == "evening"
    assert times == (["2026-01-01T23:30:00Z"],) * 2
    after = values()
    again, _text = run(tmp_path, azure, named(TASKS))
    assert [result["changed"] for result in again] == [False] * 5 and values() == after

    restore = [("vmbackup.azure.azure_journal_restore", {})]
    (would,), _text = run(tmp_path, azure, restore, "--check")
    assert len(would["restored"]) == 4 and values() == after
    (undone,), _text = run(tmp_path, azure, restore)
    assert undone["restored"] == [
        "backup_schedule DefaultPolicy",
        "policy_assignment VM;iaasvmcontainerv2;prod-app;app-ok",
        "power app-failed",
        "nsg_rule allow-proxy",
    ]
    assert len(undone["kept"]) == 2
    rules, state, gone, policy, times = values()
    assert (rules, state[0], policy, times) == (before[0], "running", before[3], before[4])
    (twice,), _text = run(tmp_path, azure, restore)
    assert (twice["changed"], twice["restored"]) == (False, [])
    assert azure.unhandled() == []


def test_a_reader_may_plan_and_is_told_what_is_not_done(standin, tmp_path):
    azure = standin("article")
    reader = azure.environment(1)
    azure.environment = lambda principal=0: dict(reader)
    tasks = [*named(TASKS), ("vmbackup.azure.azure_backup_run", {"id": machine("app-win")})]
    shown, _text = run(tmp_path, azure, tasks, "--check", "--diff")
    assert [result["changed"] for result in shown] == [True] * len(tasks)
    refused, _text = run(tmp_path, azure, tasks)
    for result in refused:
        assert result["failed"] and "Cannot change" in result["msg"] and "AuthorizationFailed" in result["msg"], result
    assert not [entry for entry in azure.log if entry.method in ("PUT", "DELETE") and entry.status < 400]


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("azure_vm_power", {"id": machine("x")}, "one of the following is required: state, reapply"),
        ("azure_nsg_rule", {"group": NSG, "name": "r"}, "missing: source, destination"),
        (
            "azure_backup_schedule",
            {"policy": f"{VAULT}/backupPolicies/x", "times": ["22:15"]},
            "Cannot use '22:15' in 'times': write a full or half hour as text, such as '22:30'",
        ),
        (
            "azure_backup_policy_assignment",
            {"id": machine("app-ok"), "policy": "evening", "current_policy": "late"},
            "it is 'DefaultPolicy', not 'late' as expected; someone else has changed it. Nothing was changed",
        ),
        ("azure_vm_power", {"id": machine("none"), "state": "started"}, "was not found"),
        ("azure_vm_power", {"id": "web1", "state": "started"}, "Cannot use 'web1' as id: a resource id reads"),
        ("azure_nsg_rule", {**TASKS["azure_nsg_rule"], "group": "nsg"}, "Cannot use 'nsg' as group: a resource id"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(standin, tmp_path, name, options, said):
    (result,), _text = run(tmp_path, standin("article"), [(f"vmbackup.azure.{name}", options)])
    assert result["failed"] and said in result["msg"]


def test_a_backup_now(standin, tmp_path):
    azure = standin("article")
    azure.cloud.settings.update(retry_after=0.05, operation_seconds=0, snapshot_seconds=0)
    tasks = [("vmbackup.azure.azure_backup_run", {"id": machine("app-new")})]
    tasks += [("vmbackup.azure.azure_backup_run", {"id": machine(name)}) for name in ("app-win", "app-rdp")]
    (unprotected, would, _would), _text = run(tmp_path, azure, tasks, "--check")
    assert "no vault protects it" in unprotected["msg"] and would["changed"] and azure.calls("POST", "/backup$") == 0
    (_no, good, bad), text = run(tmp_path, azure, tasks)
    assert good["changed"] and good["tasks"]["Take Snapshot"] == "Completed" and "Take Snapshot: Completed" in text
    assert bad["failed"] and "(GuestAgentSnapshotTaskStatusError)" in bad["msg"] and bad["changed"]
    (_no, again, _again), _text = run(
        tmp_path, azure, [*tasks[:1], (tasks[1][0], {**tasks[1][1], "most_in_24h": 1}), tasks[2]]
    )
    assert again["failed"] and "(most_in_24h)" in again["msg"]


def test_a_backup_that_is_under_way_in_check_mode(standin, tmp_path):
    """It is followed, and so nothing is begun, and nothing is waited for."""
    azure = standin("article")
    (item,) = (one for one in azure.cloud.store.of_type(backup.ITEMS) if one["name"].endswith(";app-ok"))
    job = backup.new_job(azure.cloud, item, "Backup")
    run_now = "vmbackup.azure.azure_backup_run", {"id": machine("app-ok"), "most_in_24h": 9}
    fresh = run_now[0], {**run_now[1], "fresh": True}
    full = fresh[0], {**fresh[1], "most_in_24h": 1}
    (followed, begun, refused), _text = run(tmp_path, azure, [run_now, fresh, full], "--check")
    assert (followed["changed"], followed["failed"]) == (False, False), followed
    assert (begun["changed"], begun["failed"]) == (True, False), begun
    assert refused["failed"] and "(most_in_24h)" in refused["msg"]
    assert azure.calls("GET", f"/backupJobs/{job['name']}$") == 0
