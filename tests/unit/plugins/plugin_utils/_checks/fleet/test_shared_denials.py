# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import SUBSCRIPTION, azure_state
from support import of_fleet

ID = "shared_denials"


def machines(number, **changes):
    denial = {
        "assignment": f"{SUBSCRIPTION}/assignments/tags",
        "name": "Groups need tags",
        "definition": "d",
        "effect": "deny",
        "scope": SUBSCRIPTION,
        "compliance": "NonCompliant",
        "about": "Microsoft.Resources/subscriptions/resourceGroups",
        **changes,
    }
    return {f"web{one}": azure_state(denials=[denial]) for one in range(number)}


@pytest.mark.parametrize(
    ("number", "changes", "status"),
    [
        (3, {}, "warn"),
        (2, {}, "ok"),
        (3, {"compliance": "Compliant"}, "ok"),
        (3, {"effect": "audit"}, "ok"),
        (3, {"about": "Microsoft.Storage/storageAccounts"}, "ok"),
    ],
)
def test_one_assignment_behind_several_machines(number, changes, status):
    assert of_fleet(ID, machines(number, **changes)).status == status


def test_it_is_named():
    found = of_fleet(ID, machines(4))
    assert found.why == "Azure Policy refuses what Azure Backup makes for 4 machines: Groups need tags"
    assert sorted(found.hosts) == ["web0", "web1", "web2", "web3"]


def test_missing():
    assert of_fleet(ID, {"dark": azure_state(missing={"denials": "no permission"})}).status == "unknown"
