# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from support import verdict
from windows_states import GONE, edited

ID = "agent_reported"


@pytest.mark.parametrize(
    ("edits", "status"),
    [
        ({}, "ok"),
        ({"agent.aggregate.modified": "2026-11-23T08:00:11Z"}, "unknown"),
        ({"agent.aggregate": None}, "unknown"),
        ({"agent.guest.GuestAgentStartTime": GONE}, "ok"),
        ({"agent.guest": None}, "ok"),
        ({"services.RdAgent.state": "Stopped"}, "unknown"),
        ({"services.WindowsAzureGuestAgent": None}, "unknown"),
    ],
)
def test_rule(edits, status):
    assert verdict(ID, edited(edits)).status == status


@pytest.mark.parametrize("fact", ["agent.aggregate", "agent.guest", "services.RdAgent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
