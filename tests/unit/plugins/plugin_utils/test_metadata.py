# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A diagnosis of a guest judges its virtual machine as far as the metadata service tells of it."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from azure_states import azure_state
from support import guest

DISK = {"name": "web1-os", "role": "os", "sku": "Premium_LRS", "write_accelerator": False, "ephemeral": False}
COMPUTE = {
    "resource_id": "/subscriptions/s/resourceGroups/prod/providers/Microsoft.Compute/virtualMachines/web1",
    "vm_id": "c1f0a8a2-0000-0000-0000-000000000001",
    "location": "westeurope",
    "size": "Standard_D2s_v5",
    "computer_name": "web1",
    "security_type": None,
    "disks": [{**DISK, "unmanaged": False}],
}


def told(**compute):
    return guest(fabric={"imds": {"instance": {"compute": {**COMPUTE, **compute}}}})


def of_machine(raw, **choices):
    findings = _registry.diagnose(raw, **choices)["findings"]
    return {one["id"]: one for one in findings if one.get("subject") == "azure"}


@pytest.mark.parametrize(
    ("compute", "id_"),
    [
        ({"disks": [{**DISK, "unmanaged": True}]}, "disk_management"),
        ({"security_type": "ConfidentialVM"}, "security_type"),
    ],
)
def test_what_it_tells_is_judged(compute, id_):
    found = of_machine(told(**compute))[id_]
    assert found["status"] == "warn" and "metadata service: compute" in found["evidence"][0]["source"]


def test_what_it_does_not_tell_is_left_out():
    found = of_machine(told())
    assert found and {one["status"] for one in found.values()} <= {"ok", "not_applicable"}
    assert "protection" not in found and "power_state" not in found
    assert of_machine(told(security_type="TrustedLaunch"))["security_type"]["status"] == "ok"


def test_azure_itself_outranks_it():
    machine = azure_state(vm={"security_type": None})
    found = of_machine(told(security_type="ConfidentialVM"), azure=machine)
    assert found["security_type"]["status"] == "ok" and "protection" in found


def test_a_guest_without_the_service_has_none():
    assert of_machine(guest(fabric={"imds": {"instance": None}})) == {}
