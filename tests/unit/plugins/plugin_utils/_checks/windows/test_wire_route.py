# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wire_route: the rule, its neighbours, what is advised, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import UNREACHED, edited

ID = "wire_route"


def route(entry):
    return {**UNREACHED, "fabric.persistent_routes": [entry]}


def persistent(gateway):
    return route(f"168.63.129.16,255.255.255.255,{gateway},1")


def tunnel(source):
    return {**UNREACHED, "fabric.route.source": source}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({**UNREACHED, "fabric.route.error": "network is unreachable"}, "fail", "no route to 168.63.129.16"),
        (persistent("10.9.9.9"), "fail", "no adapter has: 10.9.9.9"),
        (persistent("10.0.0.1"), "ok", ""),
        (route("168.63.128.0,255.255.128.0,10.9.9.9,1"), "fail", "no adapter has: 10.9.9.9"),
        (route("168.63.0.0,255.255.128.0,10.9.9.9,1"), "ok", ""),
        (route("0.0.0.0,0.0.0.0,10.9.9.9,1"), "ok", ""),
        (route("a route,of none"), "ok", ""),
        (tunnel("10.8.0.2"), "fail", "no address of the primary adapter Ethernet"),
        (tunnel("10.0.0.4"), "ok", ""),
        (tunnel(None), "ok", ""),
        ({**tunnel("10.8.0.2"), "dhcp.primary": None}, "ok", ""),
        ({**tunnel("10.8.0.2"), "fabric.wire_http.connected": True}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def test_a_wrong_route_is_deleted_and_makes_one_group():
    first, second = verdict(ID, edited(persistent("10.9.9.9"))), verdict(ID, edited(persistent("10.9.9.8")))
    assert "route delete 168.63.129.16" in advice_of(first) and first.key == second.key
    wide = verdict(ID, edited(route("168.0.0.0,255.0.0.0,10.9.9.9,1")))
    assert "route delete 168.0.0.0" in advice_of(wide)


def test_missing_fact():
    found = verdict(ID, edited({"fabric": {}}))
    assert found.status == "unknown" and "fabric.route" in found.why
