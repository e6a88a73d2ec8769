# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines that look unprotected because the vault that protects them may not be read."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import _unseen
from ansible_collections.vmbackup.azure.plugins.plugin_utils._machines import summary
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from reading import read

GROUP = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/app"
VAULTS = "44444444-4444-4444-4444-444444444444"
CENTRAL = f"/subscriptions/{VAULTS}/resourceGroups/backup/providers/Microsoft.RecoveryServices/vaults/central"
ITEMS = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/read"
STATUS = "/backupStatus"
pytestmark = pytest.mark.usefixtures("no_waiting")


def without(azure, *places, not_actions=()):
    """The principal may read all subscriptions but these."""
    for principal in azure.cloud.principals.values():
        rights = [each["id"] for each in azure.cloud.subscriptions if each["id"] not in places]
        principal.rights = [
            {"scope": f"/subscriptions/{place}", "actions": ["*"], "not_actions": list(not_actions)} for place in rights
        ]
    return azure


def found(state, check):
    return next(one for one in diagnose(state)["findings"] if one["id"] == check)


def unprotect(azure, *names):
    """Takes machines out of the vault that may be read."""
    for item in [one for one in azure.cloud.store.all() if one["name"].startswith("VM;")]:
        if item["properties"]["friendlyName"] in names:
            azure.cloud.store.remove(item["id"])


def test_a_vault_that_may_not_be_read_is_no_missing_protection(standin):
    azure = without(standin("unseen"), VAULTS)
    answer, machines = read(names=("central", "own"))
    state = machines["central"]
    assert azure.calls("POST", STATUS) == 1 and azure.unhandled() == []
    assert state["vault"] == {"id": CENTRAL, "name": "central", "subscription": VAULTS, "read_from": CENTRAL}
    assert state["missing"]["protection"] == f"forbidden:{ITEMS}" and "protection" not in state
    assert {(gap["scope"], gap["permission"]) for gap in answer["gaps"]} == {(f"/subscriptions/{VAULTS}", ITEMS)}
    assert diagnose(state)["verdict"] == "unknown"
    assert found(state, "protection")["status"] == "ok"
    assert (summary(state)["protected"], summary(state)["vault"]) == (True, "central")
    assert diagnose(machines["own"])["verdict"] == "ready"


def test_what_no_vault_protects_is_blocked(standin):
    azure = standin("unseen")
    unprotect(azure, "own")
    answer, machines = read(names=("own",))
    assert azure.calls("POST", STATUS) == 1 and answer["gaps"] == []
    assert diagnose(machines["own"])["first_cause"] == "protection"
    assert summary(machines["own"])["protected"] is False


def test_without_the_right_to_ask_it_is_not_known(standin):
    azure = without(standin("unseen"), VAULTS, not_actions=[_unseen.ASK_STATUS])
    answer, machines = read(names=("central",))
    assert azure.calls("POST", STATUS) == 0
    assert {gap["permission"] for gap in answer["gaps"]} == {_unseen.ASK_STATUS}
    assert diagnose(machines["central"])["verdict"] == "unknown"
    assert summary(machines["central"])["protected"] is None


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"status": 503}, "Cannot read '/subscriptions/"),
        ({"status": 403, "code": "AuthorizationFailed"}, _unseen.ASK_STATUS),
        ({"edit": lambda response: response.body.update(protectionStatus="Invalid")}, "its status is Invalid"),
        ({"edit": lambda response: response.body.pop("protectionStatus")}, "its status is None"),
        ({"edit": lambda response: response.body.pop("vaultId")}, "its status is Protected"),
    ],
)
def test_an_answer_that_says_nothing(standin, fault, said):
    without(standin("unseen"), VAULTS).fault(f"POST .*{STATUS}", **fault)
    answer, machines = read(names=("central",))
    assert said in machines["central"]["missing"]["protection"] and answer["gaps"]
    assert diagnose(machines["central"])["verdict"] == "unknown"


def test_words_and_ids_in_another_case(standin):
    def shouted(response):
        response.body.update(protectionStatus="protecting", vaultId=CENTRAL.upper())

    without(standin("unseen"), VAULTS).fault(f"POST .*{STATUS}", edit=shouted)
    state = read(names=("central",))[1]["central"]
    assert state["vault"]["name"] == "CENTRAL" and found(state, "protection")["status"] == "ok"


def test_what_resource_graph_does_not_show_yet(standin):
    azure = standin("unseen")
    items = [one for one in azure.cloud.store.all() if one["name"].startswith("VM;")]
    mine = next(one for one in items if one["properties"]["friendlyName"] == "own")
    azure.cloud.store.remove(mine["id"])
    read(names=("own",))
    azure.cloud.settings["graph_lag"] = 3600
    azure.cloud.store.put(mine)
    state = read(names=("own",))[1]["own"]
    assert state["missing"]["protection"] == "Resource Graph does not show it yet"
    assert diagnose(state)["verdict"] == "unknown"


@pytest.mark.parametrize(("hidden", "calls"), [((), 5), ((VAULTS,), 30)])
def test_a_few_are_asked_for_and_all_where_one_is_protected_after_all(standin, monkeypatch, hidden, calls):
    """What Azure Backup has made restore points for is asked for first."""
    azure = without(standin("unseen"), *hidden)
    bare = [f"vm{number}" for number in range(40)]
    machine = azure.document(f"{GROUP}/providers/Microsoft.Compute/virtualMachines/own")
    for name in bare:
        azure.cloud.store.put({**machine, "id": machine["id"].replace("/own", f"/{name}"), "name": name})
    monkeypatch.setattr(_unseen, "_MOST", 30)
    answer, machines = read(names=(*bare, "central"))
    assert azure.calls("POST", STATUS) == calls
    verdicts = [diagnose(machines[name])["verdict"] for name in bare]
    assert verdicts.count("unknown") == (0 if not hidden else 11)
    assert verdicts.count("blocked") == (40 if not hidden else 29)
    said = "Azure Backup was asked for 30 of 41 machines that look unprotected"
    assert (said in [gap["reason"] for gap in answer["gaps"]]) is bool(hidden)
