# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""npcap_loopback: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, UNREACHED, agent_log, edited

ID = "npcap_loopback"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"dhcp.interfaces.0.description": "Npcap Loopback Adapter"}, "ok", "does no harm"),
        (
            {
                "dhcp.interfaces.0.description": "Npcap Loopback Adapter",
                **agent_log("[ERROR] Did not discover fabric address on interface Npcap Loopback Adapter"),
            },
            "fail",
            "Npcap",
        ),
        ({**agent_log("[ERROR] Did not discover fabric address on interface Npcap Loopback Adapter")}, "ok", ""),
        (
            {**agent_log("[ERROR] Did not discover fabric address on interface Npcap Loopback Adapter"), **UNREACHED},
            "fail",
            "Npcap",
        ),
        (
            {
                **agent_log(
                    "[ERROR] Did not discover fabric address on interface Npcap Loopback",
                    "[INFO] Discovered fabric address 168.63.129.16 on interface Ethernet",
                ),
                "dhcp.interfaces.0.description": "Npcap Loopback Adapter",
            },
            "ok",
            "",
        ),
        ({"dhcp.interfaces.0.description": "Npcap Loopback Adapter", "dhcp.interfaces.0.up": False}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["dhcp.interfaces"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
