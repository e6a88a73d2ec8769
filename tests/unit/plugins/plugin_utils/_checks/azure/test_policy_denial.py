# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import FAILED_JOB, JOB, SUBSCRIPTION, azure_state
from support import verdict

ID = "policy_denial"
DENIAL = {
    "assignment": f"{SUBSCRIPTION}/policyAssignments/tags",
    "name": "Tags are required",
    "definition": "/d",
    "effect": "deny",
    "scope": SUBSCRIPTION,
    "compliance": "NonCompliant",
    "about": "Microsoft.Resources/subscriptions/resourceGroups",
}
REFUSED = {**FAILED_JOB, "errors": [{**FAILED_JOB["errors"][0], "code": "UserErrorRequestDisallowedByPolicy"}]}


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "warn"),
        ({"effect": "Deny"}, "warn"),
        ({"effect": "audit"}, "ok"),
        ({"compliance": "Compliant"}, "ok"),
        ({"about": "Microsoft.Storage/storageAccounts"}, "ok"),
        ({"about": None}, "ok"),
    ],
)
def test_an_assignment(change, status):
    assert verdict(ID, azure_state(denials=[{**DENIAL, **change}])).status == status


def test_the_last_job_was_refused():
    denials = [{**DENIAL, "compliance": None}]
    assert verdict(ID, azure_state(denials=denials, jobs=[REFUSED])).status == "fail"
    assert verdict(ID, azure_state(denials=denials, jobs=[FAILED_JOB])).status == "ok"
    assert verdict(ID, azure_state(denials=denials, jobs=[JOB, REFUSED])).status == "ok"


def test_a_code_counts_in_any_form():
    error = {**REFUSED["errors"][0], "code": None, "title": "usererrorrequestdisallowedbypolicy"}
    raw = azure_state(denials=[{**DENIAL, "compliance": None}], jobs=[{**REFUSED, "errors": [error]}])
    assert verdict(ID, raw).status == "fail"


@pytest.mark.parametrize(
    "change", [{"status": "InProgress"}, {"operation": "Restore"}, {"operation": "ConfigureBackup"}]
)
def test_what_the_last_backup_proved_outlives_the_start_of_another_job(change):
    raw = azure_state(denials=[{**DENIAL, "compliance": None}], jobs=[{**JOB, **change}, REFUSED])
    assert verdict(ID, raw).status == "fail"


def test_missing():
    assert verdict(ID, azure_state(missing={"denials": "no permission"})).status == "unknown"
