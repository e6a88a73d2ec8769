# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_version: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "agent_version"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"agent.guest.GuestAgentVersion": "2.7.41491.1010"}, "ok", ""),
        ({"agent.guest.GuestAgentVersion": "2.7.41491.1009"}, "warn", "older"),
        ({"agent.guest.GuestAgentVersion": "2.7.1198.911"}, "warn", "older"),
        ({"agent.guest.GuestAgentVersion": "2.10.0.0"}, "ok", ""),
        ({"agent.guest": None}, "ok", ""),
        ({"agent.guest": None, "agent.versions": [], "agent.aggregate": None}, "unknown", "was not found"),
        (
            {
                "agent.guest": None,
                "agent.versions": [],
                "agent.aggregate": None,
                "services.WindowsAzureGuestAgent": None,
            },
            "not_applicable",
            "",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["agent.guest", "agent.versions"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
