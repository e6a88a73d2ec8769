# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_auto_restart: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import fix_of, verdict
from windows_states import GONE, edited

ID = "agent_auto_restart"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.WindowsAzureGuestAgent.failure_actions": None}, "warn", "WindowsAzureGuestAgent"),
        ({"services.WindowsAzureGuestAgent.failure_actions": "AAAA"}, "warn", "No recovery action"),
        ({"services.WindowsAzureGuestAgent.failure_actions": "!"}, "warn", "No recovery action"),
        (
            {"services.WindowsAzureGuestAgent.failure_actions": "gFEBAAAAAAAAAAAAAAAAABQAAAA="},
            "warn",
            "No recovery action",
        ),
        ({"services.RdAgent": None, "services.WindowsAzureGuestAgent": None}, "not_applicable", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def test_fix():
    found = verdict(ID, edited({"services.RdAgent.failure_actions": None}))
    assert fix_of(found) == ("win_backup_services", {"recovery": ["RdAgent", "WindowsAzureGuestAgent"]})


@pytest.mark.parametrize("fact", ["services.RdAgent", "services.WindowsAzureGuestAgent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
