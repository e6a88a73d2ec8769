# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._azure._join import join
from azure_states import GROUP

VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines"
OTHER = VM.replace("prod", "test")


def machine(id_, *addresses, computer=None):
    vm = {"id": id_, "name": id_.rpartition("/")[2], "addresses": list(addresses), "computer_name": computer}
    return {"vm": vm}


STATES = [
    machine(f"{VM}/web1", "10.0.0.1"),
    machine(f"{OTHER}/web1", "10.1.0.1"),
    machine(f"{VM}/DB-Production-01", "10.0.0.2", computer="db-production-0"),
    machine(f"{VM}/lonely", "10.0.0.3"),
    machine(f"{VM}/nat-a", "10.9.9.9"),
    machine(f"{VM}/nat-b", "10.9.9.9"),
]


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        ({"resource_id": f"{OTHER}/WEB1".upper(), "name": "lonely"}, f"{OTHER}/web1"),
        ({"resource_id": f"{VM}/gone", "name": "lonely"}, None),
        ({"name": "LONELY"}, f"{VM}/lonely"),
        ({"name": "lonely.example.com"}, f"{VM}/lonely"),
        ({"name": "db-production-0"}, f"{VM}/DB-Production-01"),
        ({"name": "web1", "addresses": ["10.1.0.1"]}, f"{OTHER}/web1"),
        ({"name": "web1", "addresses": ["10.7.7.7"]}, None),
        ({"name": "alias", "addresses": ["10.0.0.3"]}, f"{VM}/lonely"),
        ({"name": "alias", "addresses": ["10.9.9.9"]}, None),
        ({"name": "nobody"}, None),
        ({}, None),
    ],
)
def test_a_host_and_its_machine(hints, expected):
    machines, without_host, without_machine, _ambiguous, _claimed = join(STATES, {"host": hints})
    assert (machines["host"]["vm"]["id"] if machines else None) == expected
    assert without_machine == ([] if expected else ["host"])
    assert len(without_host) == len(STATES) - bool(expected)


def test_what_is_ambiguous_names_both():
    said = join(STATES, {"web1": {}, "alias": {"addresses": ["10.9.9.9"]}}).ambiguous
    assert said == [
        f"Cannot tell which virtual machine 'web1' is: {VM}/web1 and {OTHER}/web1 have its name",
        f"Cannot tell which virtual machine 'alias' is: {VM}/nat-a and {VM}/nat-b have its address",
    ]


def test_two_hosts_that_might_be_one_machine():
    hosts = {"lonely": {}, "alias": {"addresses": ["10.0.0.3"]}}
    machines, _without_host, without_machine, ambiguous, _claimed = join(STATES, hosts)
    assert machines == {} and without_machine == ["lonely", "alias"]
    assert ambiguous == [f"Cannot tell which host the virtual machine '{VM}/lonely' is: 'alias' and 'lonely'"]


def test_two_hosts_of_the_inventory_that_are_one_machine_are_named():
    """Both are diagnosed: it is one machine by two names."""
    known = [{"resource_id": id_, "inventory": {"resource_id": id_}} for id_ in (f"{VM}/lonely", f"{VM}/LONELY/")]
    found = join(STATES, {"b": known[0], "a": known[1]})
    assert sorted(found.machines) == ["a", "b"] and found.without_machine == []
    assert found.ambiguous == [f"'a' and 'b' are one virtual machine: {VM}/lonely"]


def test_a_host_that_knows_its_machine_keeps_it():
    hosts = {"sure": {"resource_id": f"{VM}/lonely"}, "lonely": {}}
    machines, _without_host, without_machine, _ambiguous, _claimed = join(STATES, hosts)
    assert list(machines) == ["sure"] and without_machine == ["lonely"]


@pytest.mark.parametrize(
    ("inventory", "claimed"),
    [
        ({"name": "alias"}, True),
        ({"name": "alias", "addresses": ["10.0.0.1", "lonely.example.com"]}, True),
        ({"name": "lonely"}, False),
        ({"name": "alias", "resource_id": f"{VM}/LONELY"}, False),
        ({"name": "alias", "addresses": ["10.0.0.3"]}, False),
    ],
)
def test_a_machine_by_the_word_of_the_guest_alone(inventory, claimed):
    hints = {"resource_id": f"{VM}/lonely", "name": "lonely", "addresses": ["10.0.0.3"], "inventory": inventory}
    found = join(STATES, {"host": hints})
    assert list(found.machines) == ["host"] and found.claimed == ({"host"} if claimed else set())
