# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that guests send from, by their states."""

import pytest
from ansible_collections.vmbackup.azure.plugins.filter.guest_networks import guest_networks


def state(primary, *interfaces):
    listed = [{"addresses": [{"address": address, "prefix": prefix} for address, prefix in one]} for one in interfaces]
    return {"dhcp": {"primary": {"addresses": primary}, "interfaces": listed}}


def test_each_network_of_a_primary_interface_once():
    first = state(["10.0.0.4"], [("10.0.0.4", 24), ("10.0.0.5", 24)], [("192.168.9.1", 24)])
    other = state(["10.1.0.4/16"], [("10.1.0.4", 16)])
    assert guest_networks([other, first, first]) == ["10.0.0.0/24", "10.1.0.0/16"]


def test_neighbours_are_one_network():
    both = [state([f"10.0.{number}.4"], [(f"10.0.{number}.4", 24)]) for number in (0, 1)]
    assert guest_networks(both) == ["10.0.0.0/23"]


@pytest.mark.parametrize("unknown", [{}, {"dhcp": None}, {"dhcp": {"primary": None}}, state(None, [("10.0.0.4", 24)])])
def test_a_guest_that_does_not_say_adds_none(unknown):
    assert guest_networks([unknown]) == []
