# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers of Resource Graph to the three queries, as they were recorded from the stand-in, and what is read of them."""

import json
from pathlib import Path

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure import (
    _denials,
    _disks,
    _machine,
    _network,
    _view,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._estate import Estate
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._protection import Protection, errors

RECORDED = Path(__file__).parent / "recorded"
EVERYTHING = [{"actions": ["*/read"], "notActions": []}]
SUBSCRIPTION = "22222222-2222-2222-2222-222222222222"


def rows(name):
    return json.loads((RECORDED / f"{name}.json").read_text("utf-8"))["data"]


def state(name, rights=None, machines=None, items=None, policies=None):
    """The state of a machine, from the recorded answers or from what a test made of them."""
    estate = Estate(rows("machines") if machines is None else machines)
    estate.rights = {SUBSCRIPTION: EVERYTHING if rights is None else rights}
    row = next(one for one in estate.machines.values() if one["name"] == name)
    made = {"missing": {}}
    _machine.read(row, estate, made)
    _disks.read(row, estate, made)
    _network.read(row, estate, made)
    Protection(rows("protection") if items is None else items).read(row, estate, made)
    _denials.read_denials(rows("policies") if policies is None else policies, row, estate, made)
    return made


def test_a_machine():
    found = state("healthy")
    assert found["missing"] == {}
    assert (found["vm"]["power"], found["vm"]["os_type"], found["vm"]["addresses"]) == (
        "running",
        "Linux",
        ["10.0.1.4"],
    )
    assert [one["type"] for one in found["extensions"]] == ["Microsoft.Azure.RecoveryServices.VMSnapshotLinux"]
    assert (found["disks"][0]["sku"], found["disks"][0]["shares"]) == ("Premium_LRS", 1)
    assert found["points"]["collections"][0]["of_backup"] and found["encryption"] == {"sets": [], "ade": None}


def test_its_backup():
    found = state("healthy")
    assert (found["policy"]["name"], found["vault"]["name"], found["vault"]["redundancy"]) == (
        "daily",
        "vault",
        "GeoRedundant",
    )
    (job,) = found["jobs"]
    assert (job["operation"], job["status"], job["seconds"], job["errors"]) == ("Backup", "Completed", 1200, [])


def test_ids_in_any_case_are_one():
    items = rows("protection")
    for row in items:
        for name in ("sourceResourceId", "policyId"):
            row["properties"][name] = (row["properties"].get(name) or "").upper()
    found = state("healthy", items=items)
    assert found["protection"]["items"] and found["policy"]["name"] == "daily"


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("microsoft.compute/disks", "disks.state"),
        ("microsoft.network/networkinterfaces", "network"),
        ("microsoft.network/networkinterfaces", "vm.addresses"),
        ("microsoft.compute/restorepointcollections", "points"),
    ],
)
def test_a_part_that_is_not_shown_is_missing(kind, missing):
    machines = rows("machines")
    for row in machines:
        row["parts"] = [part for part in row["parts"] or () if part["type"] != kind]
    assert state("healthy", [], machines)["missing"][missing].startswith("forbidden:Microsoft.")
    late = state("healthy", machines=machines)["missing"].get(missing)
    assert late == (None if missing == "points" else "Resource Graph does not show it yet")


@pytest.mark.parametrize("shared", ["vault", "vnet"])
def test_a_shared_resource_that_is_not_shown_is_missing(shared):
    machines = [row for row in rows("machines") if row["name"] != shared]
    found = state("healthy", [], machines)
    name, permission = {
        "vault": ("vault", "Microsoft.RecoveryServices/vaults/read"),
        "vnet": ("network", "Microsoft.Network/virtualNetworks/read"),
    }[shared]
    assert name not in found and found["missing"][name] == f"forbidden:{permission}"


def test_a_policy_that_is_not_shown_is_missing():
    items = [row for row in rows("protection") if not row["type"].endswith("backuppolicies")]
    found = state("healthy", [], items=items)
    assert "policy" not in found
    assert found["missing"]["policy"] == "forbidden:Microsoft.RecoveryServices/vaults/backupPolicies/read"


def test_no_item_is_a_fact_only_where_items_may_be_read():
    assert state("unprotected")["protection"] == {"items": [], "former": []}
    hidden = state("unprotected", [{"actions": ["*/read"], "notActions": ["Microsoft.RecoveryServices/*"]}])
    assert not {"protection", "policy", "vault", "jobs"} & set(hidden)
    assert hidden["missing"]["jobs"] == hidden["missing"]["protection"]


def test_an_item_of_a_machine_that_was_moved():
    found = state("moved")
    assert found["protection"]["items"] == [] and len(found["protection"]["former"]) == 1
    assert found["policy"] is None and found["vault"] is None and found["jobs"] == []


def test_words_of_the_service():
    (item,) = state("points")["protection"]["items"]
    assert (item["health_status"], item["health"][0]["code"]) == (
        "ActionRequired",
        "UserErrorRpCollectionLimitReached",
    )
    details = {"errorCode": 400239, "errorTitle": "Backup failed", "errorString": "No.", "recommendations": ["Wait."]}
    (error,) = errors([details])
    assert error == {
        "code": None,
        "number": "400239",
        "title": "Backup failed",
        "message": "No.",
        "recommendations": ["Wait."],
    }
    (symbolic,) = errors([{"errorCode": "UserErrorX", "errorTitle": "A title of words"}])
    assert (symbolic["code"], symbolic["number"]) == ("UserErrorX", None)


def test_assignments_of_azure_policy():
    found = {one["name"]: one for one in state("points")["denials"]}
    assert found["Require a tag"]["compliance"] == "NonCompliant"
    assert found["Require a tag"]["about"] == "microsoft.resources/subscriptions/resourcegroups"
    assert found["Back up all machines"]["about"] == "microsoft.recoveryservices/backupprotecteditems"
    elsewhere = [{**row, "scope": f"/subscriptions/{'9' * 8}"} for row in rows("policies")]
    assert state("points", policies=elsewhere)["denials"] == []
    above = [{**row, "scope": "/providers/Microsoft.Management/managementGroups/m"} for row in rows("policies")]
    assert len(state("points", policies=above)["denials"]) == 2
    assert "denials" not in state("points", [], policies=[])


def places(value, path=()):
    """Every place in a document that has a value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from places(inner, (*path, step))


def changed(value, path, new):
    made = json.loads(json.dumps(value))
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    if new is ABSENT:
        del inner[path[-1]]
    else:
        inner[path[-1]] = new
    return made


ABSENT = object()
MACHINES = [row["name"] for row in rows("machines") if row["type"].lower().endswith("/virtualmachines")]
OWN = (
    "id",
    "name",
    "type",
    "location",
    "subscriptionId",
    "facts",
    "parts",
    "properties",
    "definition",
    "effect",
    "scope",
)
"""Columns that every row has."""


@pytest.mark.parametrize("new", [None, ABSENT])
@pytest.mark.parametrize("name", ["machines", "protection", "policies"])
def test_whatever_azure_does_not_say_is_no_error(name, new):
    """Fields that are null, or not there: of a machine with all kinds of parts, and what it shares."""
    given = {"machines": rows("machines"), "items": rows("protection"), "policies": rows("policies")}
    rows_of = {"protection": "items"}.get(name, name)
    tried = 0
    for path in places(given[rows_of]):
        # A list has no holes, and a row and its parts have their own columns.
        of_query = len(path) == 2 or len(path) == 4 and path[1] in ("parts", "jobs")
        if isinstance(path[-1], int) or of_query and path[-1] in OWN:
            continue
        tried += 1
        for machine in MACHINES:
            state(machine, **{**given, rows_of: changed(given[rows_of], path, new)})
    assert tried


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_vaults_the_one_that_protects_counts(order):
    items = rows("protection")
    item = next(row for row in items if row["name"].endswith("healthy"))
    former = changed(item, ("properties", "protectionState"), "ProtectionStopped")
    former["id"] = item["id"].replace("/vaults/vault/", "/vaults/own-key/")
    former["properties"].update(policyId="", policyName=None)
    others = [row for row in items if row is not item]
    found = state("healthy", items=others + [former, item][::order])
    assert len(found["protection"]["items"]) == 2
    assert (found["vault"]["name"], found["policy"]["name"]) == ("vault", "daily")


def test_disks_that_an_item_leaves_out():
    items = rows("protection")
    properties = next(row for row in items if row["name"].endswith("healthy"))["properties"]
    for given, names in (
        ({"diskLunList": [0, 7]}, ["a"]),
        ({"diskLunList": [0], "isInclusionList": True}, ["b"]),
        ({"diskLunList": [], "isInclusionList": True}, ["a", "b"]),
        ({"diskLunList": None, "isInclusionList": False}, []),
        (None, []),
    ):
        properties["extendedProperties"] = {"diskExclusionProperties": given}
        machines = rows("machines")
        storage = next(row for row in machines if row["name"] == "healthy")["facts"]["storage"]
        storage["dataDisks"] = [{"lun": 0, "name": "a"}, {"lun": 1, "name": "b"}]
        (item,) = state("healthy", machines=machines, items=items)["protection"]["items"]
        assert item["excluded_disks"] == names


@pytest.mark.parametrize(
    ("status", "indicator", "read"),
    [
        ("Passed", "PersistentUnhealthy", "PersistentUnhealthy"),
        (None, "TransientDegraded", "TransientDegraded"),
        ("", "Healthy", None),
        ("Invalid", "Invalid", "Invalid"),
        ("ActionSuggested", "PersistentUnhealthy", "ActionSuggested"),
        ("Passed", "Healthy", "Passed"),
        ("Passed", None, "Passed"),
    ],
)
def test_the_worst_word_of_the_service(status, indicator, read):
    items = rows("protection")
    properties = next(row for row in items if row["name"].endswith("healthy"))["properties"]
    detail = {"code": "400001", "title": "UserErrorX", "message": "m", "recommendations": None}
    properties["healthStatus"] = status
    properties["kpisHealths"] = {"K": {"resourceHealthStatus": indicator, "resourceHealthDetails": [detail]}, "N": None}
    (item,) = state("healthy", items=items)["protection"]["items"]
    assert item["health_status"] == read
    assert bool(item["health"]) is (indicator not in (None, "Healthy", "Invalid"))


def test_an_item_of_a_machine_in_a_subscription_that_may_not_be_read_is_no_former_one():
    items = rows("protection")
    row = next(row for row in items if row["name"].endswith("moved"))
    row["properties"]["sourceResourceId"] = row["properties"]["sourceResourceId"].replace(SUBSCRIPTION, "4" * 8)
    row["properties"]["virtualMachineId"] = row["properties"]["sourceResourceId"]
    assert state("moved", items=items)["protection"] == {"items": [], "former": []}


VIEW = {
    "statuses": [
        {"code": "ProvisioningState/failed/OSProvisioningTimedOut"},
        {"code": "PowerState/running"},
        {"code": None},
        {"code": "OSState/generalized"},
    ],
    "extensions": [
        {"name": "vmsnapshotlinux", "statuses": [{"code": "ProvisioningState/succeeded"}]},
        {
            "name": "VMSnapshot",
            "type": "Microsoft.Azure.RecoveryServices.VMSnapshot",
            "typeHandlerVersion": "1.0",
            "statuses": [{"code": "ProvisioningState/failed/3221225477", "message": "No shadow copy."}],
        },
        {"name": "Silent", "statuses": None},
    ],
    "vmAgent": {
        "vmAgentVersion": None,
        "statuses": None,
        "extensionHandlers": [
            {"type": "a", "status": {"code": "ProvisioningState/failed/5", "displayStatus": None}},
            {"type": "b", "status": None},
            {"type": "c", "status": {"displayStatus": "Ready"}},
        ],
    },
}


def test_an_instance_view():
    found = state("healthy")
    _view.read(VIEW, found)
    assert (found["vm"]["provisioning_state"], found["vm"]["power"]) == ("Failed", "running")
    assert [
        (one["type"].rpartition(".")[2], one["provisioning_state"], one["reported"]) for one in found["extensions"]
    ] == [
        ("VMSnapshotLinux", "Succeeded", "succeeded"),
        ("VMSnapshot", None, "failed"),
        ("Silent", None, None),
    ]
    assert found["extensions"][1]["message"] == "No shadow copy."
    assert [one["status"] for one in found["agent"]["handlers"]] == ["Not Ready", "", "Ready"]


def test_an_instance_view_that_says_less():
    for path in places(VIEW):
        if not isinstance(path[-1], int):
            for new in (None, ABSENT):
                _view.read(changed(VIEW, path, new), state("healthy"))


def test_locks_of_the_storage_accounts_of_unmanaged_disks():
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/storage"
    scopes = [f"{group}/providers/Microsoft.Storage/storageAccounts/{name}" for name in ("ACCOUNT", "other")]
    locks = [
        {
            "id": f"{scope}/providers/Microsoft.Authorization/locks/keep",
            "name": "keep",
            "properties": {"level": "ReadOnly"},
        }
        for scope in scopes
    ]
    machines = rows("machines")
    machine = next(row for row in machines if row["name"] == "healthy")
    for disk, kept in (({"vhd": {"uri": "https://account.blob.core.windows.net/vhds/os.vhd"}}, scopes[:1]), ({}, [])):
        machine["facts"]["storage"]["osDisk"] = {"name": "os", **disk}
        found = state("healthy", machines=machines)
        _denials.read_locks(locks, machine, found)
        assert [one["scope"] for one in found["locks"]] == kept


WORDS = ("Allow", "Deny")
DATABASES = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/applicationSecurityGroups/databases"


@pytest.mark.parametrize(
    ("source", "applies"),
    [
        ({"sourceAddressPrefix": "*"}, True),
        ({"sourceAddressPrefix": "VirtualNetwork"}, True),
        ({"sourceAddressPrefixes": ["10.9.0.0/16", "10.0.1.0/24"]}, True),
        ({"sourceAddressPrefix": "10.0.1.4"}, True),
        ({}, True),
        ({"sourceAddressPrefix": "10.9.0.0/16"}, False),
        ({"sourceAddressPrefix": "fd00::/8"}, False),
        ({"sourceAddressPrefix": "AzureLoadBalancer"}, False),
        ({"sourceApplicationSecurityGroups": [{"id": DATABASES}]}, False),
        ({"sourceApplicationSecurityGroups": [{"id": DATABASES.upper()}], "member": True}, True),
    ],
)
def test_only_rules_whose_source_is_the_interface(source, applies):
    machines, given = rows("machines"), dict(source)
    row = next(one for one in machines if one["name"] == "healthy")
    interface = next(one for one in row["parts"] if one["type"] == "microsoft.network/networkinterfaces")
    if given.pop("member", False):
        interface["facts"]["configurations"][0]["properties"]["applicationSecurityGroups"] = [{"id": DATABASES}]
    rules = [{"name": word, "properties": {"direction": "Outbound", "access": word, **given}} for word in WORDS]
    group = {"id": "/nsg", "name": "nsg", "type": "microsoft.network/networksecuritygroups", "facts": {"rules": rules}}
    interface["facts"]["securityGroup"] = group["id"]
    (made,) = state("healthy", machines=[*machines, group])["network"]["interfaces"]
    assert (len(made["denies"]), len(made["allows"])) == ((1, 1) if applies else (0, 0))


def test_a_service_endpoint_is_a_route_to_its_service():
    machines = rows("machines")
    network = next(one for one in machines if one["name"] == "vnet")
    for subnet in network["facts"]["subnets"]:
        subnet["properties"]["serviceEndpoints"] = [{"service": "Microsoft.Storage.Global", "locations": ["*"]}, {}]
    (interface,) = state("healthy", machines=machines)["network"]["interfaces"]
    (route,) = interface["routes"]
    assert (route["table"], route["name"]) == (interface["subnet"], "Microsoft.Storage.Global")
    assert (route["prefix"], route["hop"]) == ("Storage", "VirtualNetworkServiceEndpoint")
