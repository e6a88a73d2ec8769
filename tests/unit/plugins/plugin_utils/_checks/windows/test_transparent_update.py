# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""transparent_update: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, STATUS, agent_log, edited

ID = "transparent_update"
TORN_BEFORE = agent_log("[1] [11/23/2026 08:00:01.1] [ERROR] Unable to load DLL 'x'")
TORN_SINCE = agent_log("[1] [11/23/2026 08:03:01.1] [ERROR] Unable to load DLL 'x'")


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.WindowsAzureGuestAgent.image_exists": False}, "fail", "removed the folder"),
        ({"services.WindowsAzureGuestAgent.image_exists": False, "agent.versions": []}, "ok", ""),
        ({**agent_log("[ERROR] Unable to load DLL 'x'")}, "fail", "libraries"),
        (TORN_SINCE, "fail", "libraries"),
        ({**TORN_SINCE, "agent.aggregate.uploaded": "2026-11-23T08:04:00Z"}, "ok", ""),
        (
            {**TORN_SINCE, "agent.aggregate.uploaded": "2026-11-23T08:04:00Z", "agent.aggregate.status": "NotReady"},
            "fail",
            "libraries",
        ),
        (TORN_BEFORE, "ok", ""),
        ({**TORN_BEFORE, "agent.aggregate.uploaded": None}, "ok", ""),
        ({**TORN_BEFORE, "agent.aggregate.uploaded": None, f"{STATUS}.status": "error"}, "fail", "libraries"),
        ({"agent.update_state.0.code": "1603"}, "warn", "update failed"),
        ({"agent.update_state.0.state": "Failed"}, "warn", "update failed"),
        ({"services.WindowsAzureGuestAgent": None}, "not_applicable", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"services.WindowsAzureGuestAgent.image_exists": False}, "Restart-Service RdAgent"),
        (agent_log("[ERROR] Unable to load DLL 'x'"), "Restart-Service WindowsAzureGuestAgent"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["agent.versions", "services.WindowsAzureGuestAgent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
