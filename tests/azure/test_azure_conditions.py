# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each condition that Azure's side can show is a fact of that machine, read from the stand-in by the real client."""

import json

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._client import Client
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._login import settle
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._selection import query
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._facts import of_azure
from declared import undeclared
from reading import ROOT, read, read_scenario

GROUP = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups"
MACHINE = GROUP + "/app/providers/Microsoft.Compute/virtualMachines"
RECORDED = ROOT.parent / "unit" / "plugins" / "plugin_utils" / "_azure" / "recorded"
LOCKED = f"{GROUP}/AzureBackupRG_locked_1"


@pytest.fixture(scope="module")
def machines():
    """All of the scenario, read once."""
    return read_scenario(ROOT / "scenarios" / "conditions.yml")


def test_states_are_as_declared(machines):
    for state in machines.values():
        assert _schema.accept(state)["missing"] == {}
        for name, section in of_azure().items():
            assert undeclared(state[name], section, name) == []


def test_a_healthy_machine(machines):
    state = machines["healthy"]
    assert state["vm"]["power"] == "running" and state["vm"]["addresses"] == ["10.0.1.4"]
    assert state["vm"]["tags"] == {"team": "web"} and state["vm"]["security_type"] is None
    assert state["agent"]["status"] == "Ready" and state["agent"]["handlers"][0]["status"] == "Ready"
    assert state["locks"] == [] and state["protection"]["former"] == []
    assert state["points"]["collections"][0]["of_backup"] and state["points"]["collections"][0]["count"] is None
    assert [job["status"] for job in state["jobs"]] == ["Completed"] and state["jobs"][0]["seconds"] == 1200
    vault = {"immutability": "Unlocked", "soft_delete": "AlwaysON", "redundancy": "GeoRedundant", "key_status": None}
    assert vault.items() <= state["vault"].items()


def disk(machines, machine, name):
    return next(one for one in machines[machine]["disks"] if one["name"] == name)


@pytest.mark.parametrize(
    ("machine", "name", "facts"),
    [
        ("disks", "ultra", {"sku": "UltraSSD_LRS", "size_gb": 128, "data_access": "AzureActiveDirectory", "lun": 0}),
        ("disks", "exported", {"state": "ActiveSAS", "write_accelerator": True, "being_detached": True}),
        ("disks", "shared", {"shares": 2, "network_access": "DenyAll"}),
        ("second", "shared", {"shares": 2}),
        ("unmanaged", "unmanaged-os", {"unmanaged": True, "id": None, "state": None}),
        ("ephemeral", "ephemeral-os", {"ephemeral": True, "state": None}),
        ("healthy", "healthy-os", {"role": "os", "unmanaged": False, "ephemeral": False, "data_access": None}),
        ("ade", "ade-os", {"encryption_key_url": "https://ade.vault.azure.net/secrets/disk/0"}),
    ],
)
def test_disks(machines, machine, name, facts):
    assert facts.items() <= disk(machines, machine, name).items()


@pytest.mark.parametrize(
    ("machine", "error", "found", "enabled"),
    [
        ("keys-good", None, True, True),
        ("keys-off", None, True, False),
        ("keys-gone", "the identity of the set was not found", False, None),
    ],
)
def test_keys_of_encryption_sets(machines, machine, error, found, enabled):
    (one,) = machines[machine]["encryption"]["sets"]
    assert (one["rotation_error"], one["key"]["found"], one["key"]["enabled"]) == (error, found, enabled)
    assert machines["keys-good"]["encryption"]["sets"][0]["key"]["expires"] == "2026-01-01T00:00:00Z"


def test_a_key_vault_that_lets_nobody_back_up(machines):
    ade = machines["ade"]["encryption"]["ade"]
    assert (ade["readable"], ade["vault_location"]) == (False, "westeurope")
    assert machines["healthy"]["encryption"] == {"sets": [], "ade": None}


def test_rules_and_routes(machines):
    (interface,) = machines["disks"]["network"]["interfaces"]
    assert [group.rpartition("/")[2] for group in interface["security_groups"]] == ["own", "closed"]
    (denied,), (allowed,), (route,) = interface["denies"], interface["allows"], interface["routes"]
    assert (denied["name"], denied["destinations"], denied["ports"]) == (
        "deny-all",
        ["Internet", "203.0.113.0/24"],
        ["*"],
    )
    assert (allowed["priority"], allowed["destinations"], allowed["ports"]) == (200, ["Storage"], ["443", "8443"])
    assert (route["prefix"], route["hop"], route["address"]) == ("0.0.0.0/0", "VirtualAppliance", "10.0.9.4")
    assert machines["healthy"]["network"]["interfaces"][0]["security_groups"] == []


def test_restore_points_under_a_lock(machines):
    state = machines["points"]
    (collection,), (lock,) = state["points"]["collections"], state["locks"]
    assert collection["count"] == 18 and collection["oldest"]
    assert (lock["name"], lock["level"], lock["scope"]) == ("keep", "CanNotDelete", LOCKED)
    assert state["jobs"][0]["errors"][0]["code"] == "UserErrorRpCollectionLimitReached"
    assert machines["deleting"]["points"]["collections"][0]["provisioning_state"] == "Deleting"


def test_what_azure_policy_refuses_and_deploys(machines):
    def about(machine):
        return {one["name"]: (one["effect"], one["compliance"]) for one in machines[machine]["denials"]}

    assert about("points")["Require a tag"] == ("deny", "NonCompliant")
    assert about("healthy") == {"Require a tag": ("deny", None), "Back up all machines": ("deployIfNotExists", None)}
    assert about("unprotected")["Back up all machines"] == ("deployIfNotExists", "NonCompliant")


def test_an_assignment_that_is_not_enforced_refuses_nothing(standin):
    azure = standin("conditions")
    scope = GROUP.rpartition("/")[0]
    document = azure.document(f"{scope}/providers/Microsoft.Authorization/policyAssignments/tags")
    document["properties"]["enforcementMode"] = "DoNotEnforce"
    azure.cloud.store.touch()
    assert [one["name"] for one in read(names=("points",))[1]["points"]["denials"]] == ["Back up all machines"]


@pytest.mark.parametrize("principal", [0, 2])
def test_the_machine_of_an_item_may_be_in_another_subscription(standin, principal):
    """It is a former one only where the machines of that subscription may be read, and it is not among them."""
    azure = standin("conditions")
    item = next(
        one
        for one in azure.cloud.store.all()
        if one["name"].endswith(";new;moved") or one["name"].endswith(";app;moved")
    )
    source = f"{MACHINE}/moved".replace("22222222-2222-2222-2222-222222222222", "33333333-3333-3333-3333-333333333333")
    item["properties"].update(sourceResourceId=source, virtualMachineId=source)
    if principal == 0:
        azure.cloud.principals["aaaaaaaa-0000-0000-0000-000000000001"].rights[0]["scope"] = ""
    else:
        rights = azure.cloud.principals["aaaaaaaa-0000-0000-0000-000000000001"].rights
        rights[0]["scope"] = GROUP.rpartition("/")[0]
    azure.cloud.store.touch()
    former = read(names=("moved",), subscriptions=(GROUP.split("/")[2],))[1]["moved"]["protection"]["former"]
    assert len(former) == (1 if principal == 0 else 0)


@pytest.mark.parametrize("wanted", [{"subscriptions": (GROUP.split("/")[2],)}, {"ids": (f"{MACHINE}/central",)}])
def test_the_vault_of_a_machine_may_be_in_a_subscription_that_is_not_wanted(standin, wanted):
    azure = standin("members")
    found, machines = read(**wanted)
    state = machines["central"]
    assert [item["last_status"] for item in state["protection"]["items"]] == ["Completed"] and found["gaps"] == []
    assert (state["vault"]["name"], state["policy"]["name"]) == ("central", "enhanced")
    assert len(state["jobs"]) == 1 and azure.unhandled() == []


def test_protection(machines):
    assert machines["unprotected"]["protection"] == {"items": [], "former": []}
    assert machines["unprotected"]["policy"] is machines["unprotected"]["vault"] is None
    (deleted,) = machines["deleted"]["protection"]["items"]
    assert deleted["soft_deleted"] and deleted["protection_state"] == "ProtectionStopped"
    (former,) = machines["moved"]["protection"]["former"]
    assert machines["moved"]["protection"]["items"] == [] and former["source_id"] == f"{MACHINE}/moved"
    (ill,) = machines["silent"]["protection"]["items"]
    assert ill["health_status"] == "ActionRequired" and ill["last_status"] == "Failed"
    assert ill["health"][0]["code"] == "UserErrorGuestAgentStatusUnavailable"
    assert machines["keys-good"]["vault"]["key_status"] == "Failed"


def test_a_living_machine_of_the_same_name_is_not_a_former_one(standin):
    standin("conditions")
    twins = list(read(names=("twin",))[0]["vms"])
    assert [len(state["protection"]["items"]) for state in twins] == [1, 0]
    assert [state["protection"]["former"] for state in twins] == [[], []]
    (other,) = read(subscriptions=(twins[1]["vm"]["subscription"],), ids=(twins[1]["vm"]["id"],))[0]["vms"]
    assert other["protection"] == {"items": [], "former": []}


def test_policies(machines):
    hourly, crash, daily = (machines[name]["policy"] for name in ("disks", "ephemeral", "healthy"))
    assert (hourly["type"], hourly["frequency"], hourly["times"], hourly["interval_hours"]) == (
        "V2",
        "Hourly",
        ["08:00", "12:00", "16:00", "20:00"],
        12,
    )
    assert (crash["consistency"], crash["times"]) == ("OnlyCrashConsistent", ["21:30"])
    assert (daily["type"], daily["consistency"], daily["times"], daily["interval_hours"]) == ("V1", None, ["22:00"], 24)


def test_power_agent_and_extensions(machines):
    assert machines["off"]["vm"]["power"] == "deallocated" and machines["off"]["agent"] is None
    stopped = machines["stopped"]["vm"]
    assert (stopped["power"], stopped["allow_extensions"], stopped["os_type"]) == ("stopped", False, "Windows")
    assert stopped["proxy_agent"] == {"wire_server": "Enforce", "imds": "Audit"}
    assert machines["ephemeral"]["vm"]["security_type"] == "TrustedLaunch"
    assert machines["silent"]["agent"]["status"] == "Not Ready"
    assert machines["silent"]["extensions"][0]["provisioning_state"] == "Updating"
    broken = machines["broken"]
    assert broken["vm"]["provisioning_state"] == "Failed" and broken["agent"]["handlers"][0]["status"] == "Not Ready"
    assert broken["extensions"][0]["message"] == "Enable failed"
    assert [(task["name"], task["status"]) for task in broken["jobs"][0]["tasks"]][0] == ("Take Snapshot", "Failed")


@pytest.mark.parametrize("name", ["machines", "protection", "policies"])
def test_recorded_answers_are_those_of_the_query(standin, name):
    """The readers' unit tests rest on recorded answers, which must not rot beside the queries."""
    standin("conditions")
    recorded = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))["data"]
    text = query(name, selection="")
    found = list(Client(settle({}), 60).query(text, ()))
    for one in recorded:
        same = next(row for row in found if (row["id"], row.get("definition")) == (one["id"], one.get("definition")))
        assert list(same) == list(one)
        assert [set(part["facts"]) for part in same.get("parts") or ()] == [
            set(part["facts"]) for part in one.get("parts") or ()
        ]
        for field in ("facts", "properties"):
            assert set(same.get(field) or ()) == set(one.get(field) or ())
