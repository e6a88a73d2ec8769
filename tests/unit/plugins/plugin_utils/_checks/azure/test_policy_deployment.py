# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import SUBSCRIPTION, azure_state
from support import verdict

ID = "policy_deployment"
DEPLOY = {
    "assignment": f"{SUBSCRIPTION}/policyAssignments/backup",
    "name": "Configure backup",
    "definition": "/d",
    "effect": "deployIfNotExists",
    "scope": SUBSCRIPTION,
    "compliance": "NonCompliant",
    "about": "Microsoft.Compute/virtualMachines",
}
NONE = {"items": []}


@pytest.mark.parametrize(
    ("change", "status"), [({}, "warn"), ({"compliance": "Compliant"}, "ok"), ({"effect": "deny"}, "ok")]
)
def test_an_assignment(change, status):
    assert verdict(ID, azure_state(denials=[{**DEPLOY, **change}], protection=NONE)).status == status


def test_a_protected_machine():
    assert verdict(ID, azure_state(denials=[DEPLOY])).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(protection=NONE, missing={"denials": "no permission"})).status == "unknown"
