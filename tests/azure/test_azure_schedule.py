# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start times spread over policies, as the playbook does it, against the stand-in."""

import json
import os
import signal
import subprocess
import threading
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._protection import READ_ITEMS
from ansible_collections.vmbackup.azure.plugins.plugin_utils._states import kept, machines_in
from azure_standin.backup import ITEMS
from test_azure_acts import VAULT, machine
from test_azure_fix import REPO
from test_azure_module import play

PRODUCTION, VAULTS = "22222222-2222-2222-2222-222222222222", "44444444-4444-4444-4444-444444444444"
BOOK = REPO / "playbooks/schedule.yml"


def run(tmp_path, azure, *arguments, **variables):
    variables = {"schedule_report_dir": str(tmp_path / "report"), **variables}
    result = play(tmp_path, azure, "-e", json.dumps(variables), *arguments, playbook=BOOK)
    assert "Traceback" not in result.stdout + result.stderr
    return result, " ".join(result.stdout.split())


def policies_of(azure):
    items = [one for one in azure.cloud.store.all() if one["name"].startswith("VM;")]
    return sorted((one["properties"]["friendlyName"], one["properties"]["policyName"]) for one in items)


def movable(azure):
    """Makes policies of the estate alike: 2 machines have to move then, so that no more than 3 start together."""
    azure.document(f"{VAULT}/backupPolicies/evening")["properties"]["timeZone"] = "UTC"
    azure.cloud.store.touch()
    azure.cloud.settings["retry_after"] = 0.05
    return policies_of(azure)


def test_a_plan_is_shown_then_applied_then_taken_back(standin, tmp_path):
    azure = standin("article")
    before = movable(azure)
    guests = kept(str(tmp_path / "report"))
    for host in ("app-ok", "app-win"):
        (tmp_path / "report").mkdir(exist_ok=True)
        guests.keep(host, {"fabric": {"proxies": [{"proxy": "10.0.0.5:3128"}]}})
        machines_in(guests).keep(host, {"vm": {"id": machine(host)}})
    result, text = run(tmp_path, azure, schedule_limit=3)
    assert result.returncode == 0, result.stdout
    assert policies_of(azure) == before and "2 to move. To carry the plan out: -e schedule_apply=true" in text
    assert "prod-vault 22:00 UTC: 5 now, 3 then ###" in text and "18:30 UTC: 1 now, 3 then ###" in text
    assert "proxy 10.0.0.5:3128 22:00 UTC: 2 now" in text
    page = tmp_path / "report/schedule.html"
    shown = page.read_text("utf-8")
    assert shown.startswith("<!DOCTYPE html>") and '<th scope="row">22:00</th><td>5</td><td>3</td>' in shown
    assert "10.0.0.5:3128, UTC" in shown
    page.unlink()
    result, text = run(tmp_path, azure, "--check", "--diff", schedule_limit=3, schedule_apply=True)
    assert page.read_text("utf-8") == shown
    assert result.returncode == 0 and policies_of(azure) == before and "2 to move" in text
    result, text = run(tmp_path, azure, schedule_limit=3, schedule_apply=True, schedule_run_id="run-1")
    assert result.returncode == 0, result.stdout
    after = policies_of(azure)
    assert sum(name == "evening" for _machine, name in after) == 3 and len(set(after) - set(before)) == 2
    result, text = run(tmp_path, azure, schedule_limit=3, schedule_apply=True)
    assert "Nothing to move" in text and policies_of(azure) == after
    result, text = run(tmp_path, azure, "--check", schedule_undo_run_id="run-1")
    assert "Would be brought back: policy_assignment " in text and policies_of(azure) == after
    result, text = run(tmp_path, azure, schedule_undo_run_id="run-1")
    assert result.returncode == 0 and policies_of(azure) == before and "Brought back: policy_assignment " in text
    result, text = run(tmp_path, azure, schedule_undo_run_id="run-1")
    assert result.returncode == 0 and "the run run-1 has changed nothing that is not undone already" in text
    assert azure.unhandled() == []


def test_what_cannot_be_spread_is_said(standin, tmp_path):
    azure = standin("article")
    result, text = run(tmp_path, azure, schedule_limit=3)
    assert result.returncode != 0 and "machines that start at 22:00 (UTC) have no place" in text
    result, text = run(tmp_path, azure)
    assert result.returncode != 0 and "give -e schedule_limit=50" in text
    result, text = run(tmp_path, azure, schedule_limit=5, schedule_start=22)
    assert result.returncode != 0 and "Cannot use '22' as a time of day" in text


MOVE = "PUT .*/protectedItems/"


def test_a_throttled_plan_is_carried_out(standin, tmp_path):
    azure = standin("article")
    before = movable(azure)
    azure.fault(MOVE, status=429, retry_after=0.1, times=2)
    result, _text = run(tmp_path, azure, schedule_limit=3, schedule_apply=True)
    assert result.returncode == 0 and len(set(policies_of(azure)) - set(before)) == 2


@pytest.mark.parametrize(
    ("principal", "fault", "said"),
    [
        (1, None, "AuthorizationFailed"),
        (0, {"status": 412, "code": "PreconditionFailed"}, "someone else changed it after it was read"),
    ],
)
def test_what_azure_refuses_is_planned_not_done_and_said(standin, tmp_path, principal, fault, said):
    azure = standin("article", principal)
    environment = azure.environment(principal)
    azure.environment = lambda: dict(environment)
    before = movable(azure)
    if fault:
        azure.fault(MOVE, **fault)
    result, text = run(tmp_path, azure, schedule_limit=3, schedule_apply=True)
    assert result.returncode != 0 and "prod-vault 22:00 UTC: 5 now, 3 then ###" in text
    assert said in text and policies_of(azure) == before


def test_hourly_backups_are_counted_and_named(standin, tmp_path):
    azure = standin("article")
    movable(azure)
    properties = azure.document(f"{VAULT}/backupPolicies/enhanced")["properties"]
    window = {"interval": 4, "scheduleWindowStartTime": "2026-01-01T18:00:00Z", "scheduleWindowDuration": 4}
    properties["schedulePolicy"] = {"scheduleRunFrequency": "Hourly", "hourlySchedule": window}
    (item,) = (one for one in azure.cloud.store.of_type(ITEMS) if one["name"].endswith(";app-ok"))
    item["properties"]["policyId"] = f"{VAULT}/backupPolicies/deleted"
    azure.cloud.store.touch()
    result, text = run(tmp_path, azure, schedule_limit=5)
    assert result.returncode == 0, result.stdout
    assert "prod-vault 18:00 UTC: 1 now, 1 then #" in text and "prod-vault 22:00 UTC: 5 now, 5 then #####" in text
    assert "Counted, and not moved, because they start several times a day: app-off" in text
    assert "Not in the plan, because their policies could not be read: app-ok" in text
    page = (tmp_path / "report/schedule.html").read_text("utf-8")
    assert "<p>These VMs start several times a day: app-off</p>" in page
    assert "<li>app-ok: its policy could not be read</li>" in page


def test_moves_that_were_made_before_one_failed_can_be_undone(standin, tmp_path):
    azure = standin("article")
    before = movable(azure)
    azure.fault(MOVE, status=412, code="PreconditionFailed", times=1)
    result, text = run(tmp_path, azure, schedule_limit=3, schedule_apply=True, schedule_run_id="run-1")
    assert result.returncode != 0 and len(set(policies_of(azure)) - set(before)) == 1
    assert "1 of 2 moved. To undo: ansible-playbook vmbackup.azure.schedule -i " in text, result.stdout
    assert f' -e schedule_report_dir={tmp_path}/report -e schedule_undo_run_id=run-1"' in text, result.stdout


def test_the_undo_of_an_unknown_run_fails(standin, tmp_path):
    result, text = run(tmp_path, standin("article"), schedule_undo_run_id="typo")
    folder = tmp_path / "report/azure-journal"
    assert result.returncode != 0 and f"Cannot undo 'typo': '{folder}' has no such run" in text, result.stdout


def test_a_run_that_is_killed_between_two_moves_is_finished_or_undone(standin, tmp_path, monkeypatch):
    azure = standin("article")
    before = movable(azure)
    azure.fault(MOVE, operation_seconds=3, times=1)
    started = []

    def kill():
        while not azure.calls("PUT", "/protectedItems/"):
            time.sleep(0.05)
        os.killpg(started[0].pid, signal.SIGKILL)

    class Group(subprocess.Popen):
        def __init__(self, *arguments, **keywords):
            super().__init__(*arguments, start_new_session=True, **keywords)
            started.append(self)
            threading.Thread(target=kill, daemon=True).start()

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "Popen", Group)
        result, _text = run(tmp_path, azure, schedule_limit=3, schedule_apply=True, schedule_run_id="run-1")
    assert result.returncode == -signal.SIGKILL
    result, text = run(tmp_path, azure, schedule_limit=3, schedule_apply=True, schedule_run_id="run-1")
    assert result.returncode == 0 and len(set(policies_of(azure)) - set(before)) == 2, text
    result, _text = run(tmp_path, azure, schedule_undo_run_id="run-1")
    assert result.returncode == 0 and policies_of(azure) == before


def missing_from(tmp_path, azure):
    result, text = run(tmp_path, azure, schedule_limit=9, schedule_subscriptions=[PRODUCTION])
    assert result.returncode == 0 and azure.unhandled() == [], result.stdout
    page = " ".join((tmp_path / "report/schedule.html").read_text("utf-8").split())
    return text, page


def test_what_the_plan_may_lack_is_said(standin, tmp_path):
    azure = standin("unseen")
    text, page = missing_from(tmp_path, azure)
    said = "/vaults/central: it protects 1 VM of these subscriptions and is in another one"
    assert "own 22:00 UTC: 1 now, 1 then" in text and "central 22:00" not in text
    assert f"Not in the plan: /subscriptions/{VAULTS}/" in text and said in text
    assert "<h2>Not in the plan</h2>" in page and said in page


def test_vaults_that_may_not_be_read_are_said(standin, tmp_path):
    azure = standin("unseen")
    (principal,) = azure.cloud.principals.values()
    principal.rights = [{"scope": "", "actions": ["*"], "not_actions": [READ_ITEMS]}]
    text, page = missing_from(tmp_path, azure)
    said = f"/subscriptions/{PRODUCTION}: its vaults may not all be read ({READ_ITEMS})"
    assert f"Not in the plan: {said}" in text and said in page
