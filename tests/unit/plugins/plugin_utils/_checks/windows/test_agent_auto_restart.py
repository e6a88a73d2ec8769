# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_auto_restart: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "agent_auto_restart"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.WindowsAzureGuestAgent.failure_actions": None}, "warn", "WindowsAzureGuestAgent"),
        ({"services.WindowsAzureGuestAgent.failure_actions": "AAAA"}, "warn", "Nothing restarts"),
        ({"services.WindowsAzureGuestAgent.failure_actions": "!"}, "warn", "Nothing restarts"),
        (
            {"services.WindowsAzureGuestAgent.failure_actions": "gFEBAAAAAAAAAAAAAAAAABQAAAA="},
            "warn",
            "Nothing restarts",
        ),
        ({"services.RdAgent": None, "services.WindowsAzureGuestAgent": None}, "not_applicable", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["services.RdAgent", "services.WindowsAzureGuestAgent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
