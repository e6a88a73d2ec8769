# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from support import verdict
from windows_states import GONE, UNREACHED, edited

ID = "lease_address"
LOST = {"dhcp.primary.addresses": ["10.0.0.9"], "fabric.route.source": "10.0.0.9"}


@pytest.mark.parametrize(
    ("edits", "status"),
    [
        ({}, "ok"),
        (LOST, "ok"),
        ({**LOST, **UNREACHED}, "fail"),
        ({**LOST, "dhcp.primary.method": "static", **UNREACHED}, "not_applicable"),
        ({"dhcp.primary.lease_address": None}, "not_applicable"),
        ({"dhcp.primary": None}, "not_applicable"),
        ({"dhcp.primary.addresses": GONE}, "unknown"),
        ({"dhcp.primary": GONE}, "unknown"),
        ({**LOST, "fabric": GONE}, "warn"),
    ],
)
def test_the_address_of_the_lease(edits, status):
    assert verdict(ID, edited(edits)).status == status


def test_what_was_lost_is_the_cause_and_is_named():
    found = _registry.diagnose(edited({**LOST, **UNREACHED}))
    assert (found["verdict"], found["first_cause"]) == ("blocked", ID)
    assert "10.0.0.4" in found["cause"]["text"]
    shown = {str(one["value"]) for one in found["findings"][0]["evidence"]}
    assert {"10.0.0.4", "['10.0.0.9']", "10.0.0.9"} <= shown
