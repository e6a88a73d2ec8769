# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""dhcp_enabled: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, UNREACHED, edited

ID = "dhcp_enabled"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"dhcp.primary.method": "static"}, "warn", "still reached"),
        ({"dhcp.primary.method": "static", **UNREACHED}, "fail", "is not reached"),
        ({"dhcp.primary.method": "static", "fabric": {}}, "warn", "static"),
        (
            {"dhcp.primary.method": "static", "dhcp.primary.addresses": ["10.0.0.4", "10.0.0.5"], **UNREACHED},
            "not_applicable",
            "several",
        ),
        ({"dhcp.primary": None}, "fail", "No network adapter"),
        ({"services.Dhcp.start": 4}, "warn", "DHCP client"),
        ({"services.Dhcp.start": 4, **UNREACHED}, "fail", "DHCP client"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fabric", [{}, UNREACHED, {"fabric": {}}])
def test_fix(fabric):
    found = verdict(ID, edited({"dhcp.primary.method": "static", **fabric}))
    assert fix_of(found) == ("win_guest_dhcp", {})


@pytest.mark.parametrize(
    ("edits", "what"),
    [({"dhcp.primary": None}, "Enable-NetAdapter"), ({"services.Dhcp.start": 4}, "net start Dhcp")],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["dhcp.primary"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why


def test_the_adapters_that_are_down_are_evidence():
    found = verdict(ID, edited({"dhcp.primary": None, "dhcp.interfaces": [{"name": "Ethernet", "up": False}]}))
    assert [one.value for one in found.evidence] == [["Ethernet"]]
