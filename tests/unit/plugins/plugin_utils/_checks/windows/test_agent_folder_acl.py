# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_folder_acl: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, agent_log, edited, failed_run

ID = "agent_folder_acl"
REFUSED = r"System.UnauthorizedAccessException: Der Zugriff auf den Pfad 'C:\Packages\Plugins\x\Status\1.status'"


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
        (
            {"agent.acl.packages": "D:(A;;FA;;;BA)(D;;FW;;;SY)", "agent.aggregate.status": "NotReady"},
            "fail",
            "Packages",
        ),
        ({"agent.aggregate.status": "NotReady"}, "ok", ""),
        (agent_log("[ERROR] System.UnauthorizedAccessException: x"), "ok", ""),
        (agent_log(rf"[1] [11/23/2026 08:02:01.1] [ERROR] {REFUSED}"), "warn", "below the folders"),
        (agent_log(rf"[1] [11/23/2026 07:52:01.1] [ERROR] {REFUSED}"), "ok", ""),
        (failed_run(REFUSED), "warn", "below the folders"),
        ({"agent.acl.packages": None, "agent.acl.windows_azure": None}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["agent.acl", "agent.log"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
