# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host that a virtual machine is, by the inventory alone."""

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.vmbackup.azure.plugins.filter.machine_hosts import machine_hosts

GROUP = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/app/providers/Microsoft.Compute"
WEB1 = f"{GROUP}/virtualMachines/web1"


def test_the_resource_id_decides():
    assert machine_hosts(WEB1, {"web1": {"id": f"{GROUP}/virtualMachines/other"}, "x": {"id": WEB1.upper()}}) == ["x"]


def test_without_one_the_name():
    assert machine_hosts(WEB1.lower(), {"WEB1.example.com": {}, "web2": {}}) == ["WEB1.example.com"]
    assert machine_hosts(WEB1, {"a_1f2e": {"name": "web1"}, "web2": {}}) == ["a_1f2e"]


def test_no_host_has_it():
    assert machine_hosts(WEB1, {"web2": {}, "web1": {"id": f"{GROUP}/virtualMachines/web2"}}) == []


def test_several_could_be_it():
    with pytest.raises(AnsibleFilterError, match="Cannot tell which host .* 'web1' and 'web1.example.com'"):
        machine_hosts(WEB1, {"web1": {}, "web1.example.com": {}})


@pytest.mark.parametrize("id_", ["", "web1", f"{GROUP}/disks/web1", f"{WEB1}/extensions/x", "/subscriptions/{{ 1 }}"])
def test_what_is_no_id(id_):
    with pytest.raises(AnsibleFilterError, match="is no resource id of a virtual machine"):
        machine_hosts(id_, {"web1": {}})
