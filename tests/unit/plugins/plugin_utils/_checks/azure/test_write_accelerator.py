# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import DISK, azure_state
from outbound_states import DENY, network
from support import verdict

ID = "write_accelerator"
ON = [{**DISK, "write_accelerator": True}]


def test_off():
    assert verdict(ID, azure_state(network=network(denies=[DENY]))).status == "ok"


def test_on_with_a_way_out():
    assert verdict(ID, azure_state(disks=ON)).status == "ok"


def test_on_without_a_way_out():
    assert verdict(ID, azure_state(disks=ON, network=network(denies=[DENY]))).status == "fail"


def test_on_behind_an_appliance():
    route = {"table": "t", "name": "r", "prefix": "0.0.0.0/0", "hop": "VirtualAppliance", "address": "10.0.0.9"}
    assert verdict(ID, azure_state(disks=ON, network=network(routes=[route]))).status == "warn"


def route(prefix, hop):
    return {"table": "t", "name": prefix, "prefix": prefix, "hop": hop, "address": None}


@pytest.mark.parametrize(
    ("routes", "status"),
    [
        ([("Storage.WestEurope", "None")], "fail"),
        ([("AzureCloud.westeurope", "VirtualAppliance"), ("0.0.0.0/0", "None")], "warn"),
        ([("AzureCloud", "None"), ("Storage", "Internet")], "ok"),
        ([("Storage.westeurope", "Internet"), ("Storage", "None"), ("0.0.0.0/0", "None")], "ok"),
        ([("Storage.westeurope", "None"), ("Storage", "VirtualNetworkServiceEndpoint")], "ok"),
        ([("Storage.northeurope", "None"), ("10.0.0.0/8", "None")], "ok"),
    ],
)
def test_the_closest_route_counts(routes, status):
    found = network(routes=[route(*one) for one in routes])
    assert verdict(ID, azure_state(disks=ON, network=found)).status == status


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
    assert verdict(ID, azure_state(disks=ON, missing={"network": "not asked"})).status == "unknown"
