# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_folder_acl: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, agent_log, edited, failed_run

ID = "agent_folder_acl"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"agent.acl.packages": "D:(A;;0x1200a9;;;WD)"}, "warn", "Packages"),
        (
            {"agent.acl.packages": "D:(A;;0x1200a9;;;WD)", **failed_run("x: Access to the path is denied")},
            "fail",
            "Packages",
        ),
        ({"agent.acl.packages": "D:(A;;0x1200a9;;;WD)", **failed_run("x (0x80070005)")}, "fail", "Packages"),
        (
            {
                "agent.acl.windows_azure": "D:(A;;0x1200a9;;;WD)",
                **agent_log("[ERROR] System.UnauthorizedAccessException: x"),
            },
            "fail",
            "WindowsAzure",
        ),
        (agent_log("[ERROR] System.UnauthorizedAccessException: x"), "ok", ""),
        ({"agent.acl.packages": None, "agent.acl.windows_azure": None}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["agent.acl"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
