# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host is in Azure: who says what, and what is not taken from variables that only have such a name."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _machines
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._resource import of, of_guest
from azure_states import VM, azure_state

INVENTORY = {"id": VM, "resource_group": "prod", "location": "westeurope", "tags": {"env": "prod"}, "name": "web1"}
ELSEWHERE = VM.replace("web1", "other")


def guest(**compute):
    return {"schema": 3, "platform": "linux", "fabric": {"imds": {"instance": {"compute": compute}}}}


def test_variables_of_the_inventory_azure_rm():
    assert of(INVENTORY) == {name: INVENTORY[name] for name in ("id", "resource_group", "location", "tags")}


def test_the_metadata_service_fills_what_the_inventory_leaves_open():
    told = of({"tags": {"env": "prod"}}, of_guest(guest(resource_id=VM, location="westeurope")))
    assert told == {"id": VM, "resource_group": VM.split("/")[4], "location": "westeurope", "tags": {"env": "prod"}}


@pytest.mark.parametrize("state", [None, {}, guest(), {"fabric": {"imds": {"instance": "?"}}}])
def test_nothing_is_known_where_nobody_says_anything(state):
    assert of({}, of_guest(state)) == {}


def test_the_first_that_knows_decides_and_no_tags_are_no_tags():
    told = of({"location": "eastus", "tags": {}}, INVENTORY)
    assert told == {"id": VM, "resource_group": "prod", "location": "eastus"}


@pytest.mark.parametrize(
    "variables",
    [{"id": "web1"}, {"id": 7}, {"tags": ["web", "db"]}, {"tags": "web"}, {"location": {"rack": 5}}, {"location": ""}],
)
def test_variables_of_another_kind_are_left_out(variables):
    assert of(variables) == {}


def test_tags_are_masked_and_bounded():
    given = {"db_password": "Hunter22x", "note": "token=Hunter23x", "n": None, "x" * 300: "y" * 300}
    assert of({"tags": given})["tags"] == {"db_password": "***", "note": "token=***", "n": "", "x" * 100: "y" * 100}
    assert len(of({"tags": {f"tag{number:03}": "x" for number in range(60)}})["tags"]) == 20


def test_azure_outranks_what_the_run_knew():
    machine = azure_state()
    machine["vm"] |= {"tags": {"env": "test"}, "resource_group": "mine"}
    told = _machines.said(machine, {"vm": {"id": ELSEWHERE, "tags": {"env": "prod"}}})["vm"]
    assert (told["id"], told["resource_group"], told["tags"]) == (VM, "mine", {"env": "test"})


def test_only_hosts_of_which_something_is_known_say_so():
    results = [{"host": name, "verdict": "ready", "vm": vm} for name, vm in (("a", {"location": "eastus"}), ("b", {}))]
    assert [host.get("vm") for host in report(results, "", "")["hosts"]] == [{"location": "eastus"}, None]
