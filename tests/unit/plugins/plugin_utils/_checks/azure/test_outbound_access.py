# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import azure_state
from outbound_states import ALLOW, DENY, network
from support import verdict

ID = "outbound_access"
OLD = {"version": "2.2.40"}


def route(prefix, hop):
    return {"table": "t", "name": "r", "prefix": prefix, "hop": hop, "address": None}


def test_open():
    found = verdict(ID, azure_state(agent=OLD))
    assert (found.status, found.why) == ("ok", "")


def test_closed_and_not_needed():
    found = verdict(ID, azure_state(network=network(denies=[DENY])))
    assert found.status == "ok" and "does not need it" in found.why and found.evidence


@pytest.mark.parametrize(
    ("rules", "status"),
    [
        ({"denies": [DENY]}, "warn"),
        ({"denies": [{**DENY, "destinations": ["Storage.WestEurope"], "ports": ["400-500"]}]}, "warn"),
        ({"denies": [DENY], "allows": [ALLOW]}, "ok"),
        ({"denies": [DENY], "allows": [{**ALLOW, "priority": 4000}]}, "warn"),
        ({"denies": [DENY], "allows": [{**ALLOW, "group": "other"}]}, "warn"),
        ({"denies": [{**DENY, "ports": ["25"]}]}, "ok"),
        ({"denies": [{**DENY, "destinations": ["168.63.129.16"]}]}, "ok"),
        ({"denies": [{**DENY, "protocol": "Udp"}]}, "ok"),
        ({"routes": [{"table": "t", "name": "r", "prefix": "0.0.0.0/0", "hop": "None", "address": None}]}, "warn"),
        ({"denies": [{**DENY, "destinations": ["Storage.EastUS"]}]}, "ok"),
        ({"denies": [DENY], "allows": [{**ALLOW, "destinations": ["Storage.EastUS"]}]}, "warn"),
        ({"denies": [DENY], "allows": [{**ALLOW, "destinations": ["AzureCloud.westeurope"]}]}, "ok"),
        ({"routes": [route("0.0.0.0/1", "VirtualAppliance"), route("128.0.0.0/1", "VirtualAppliance")]}, "warn"),
        ({"routes": [route("0.0.0.0/0", "VirtualAppliance"), route("Storage.WestEurope", "Internet")]}, "ok"),
        ({"routes": [route("0.0.0.0/0", "VirtualAppliance"), route("Storage.EastUS", "Internet")]}, "warn"),
        ({"routes": [route("0.0.0.0/0", "VirtualAppliance"), route("Storage", "VirtualAppliance")]}, "warn"),
        ({"routes": [{"table": "t", "name": "r", "prefix": "10.0.0.0/8", "hop": "None", "address": None}]}, "ok"),
    ],
)
def test_an_old_agent_needs_storage(rules, status):
    assert verdict(ID, azure_state(agent=OLD, network=network(**rules))).status == status


def test_windows_has_a_minimum_of_its_own():
    raw = azure_state(agent={"version": "2.6.0.0"}, vm={"os_type": "Windows"}, network=network(denies=[DENY]))
    assert verdict(ID, raw).status == "warn"


def test_the_version_is_not_known():
    assert verdict(ID, azure_state(agent={"version": "Unknown"}, network=network(denies=[DENY]))).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"network": "not asked"})).status == "unknown"
