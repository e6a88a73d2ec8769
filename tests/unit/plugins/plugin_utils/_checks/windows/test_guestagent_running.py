# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""guestagent_running: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, edited

ID = "guestagent_running"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.WindowsAzureGuestAgent": None}, "fail", "does not exist"),
        ({"services.WindowsAzureGuestAgent.state": "Stopped"}, "fail", "not running"),
        (
            {
                "services.WindowsAzureGuestAgent.state": "Stopped",
                "services.exit_codes.WindowsAzureGuestAgent.exit_code": 1067,
            },
            "fail",
            "1067",
        ),
        (
            {
                "services.WindowsAzureGuestAgent.state": "Stopped",
                "services.exit_codes.WindowsAzureGuestAgent": {"exit_code": 1066, "specific_code": 7, "process_id": 0},
            },
            "fail",
            "code 7",
        ),
        ({"services.WindowsAzureGuestAgent.state": "StopPending"}, "fail", "stuck in StopPending"),
        ({"services.WindowsAzureGuestAgent.state": "StartPending"}, "ok", ""),
        ({"services.WindowsAzureGuestAgent.start": 4}, "fail", "disabled"),
        ({"services.WindowsAzureGuestAgent.start": 3}, "warn", "manual"),
        ({"services.WindowsAzureGuestAgent.account": r"NT AUTHORITY\LocalService"}, "warn", "not as LocalSystem"),
        (
            {"services.WindowsAzureGuestAgent.account": r".\agent", "agent.aggregate.status": "NotReady"},
            "fail",
            "not as LocalSystem",
        ),
        (
            {"services.WindowsAzureGuestAgent.account": r".\agent", "services.WindowsAzureGuestAgent.state": "Stopped"},
            "fail",
            r"run as .\agent",
        ),
        ({"services.WindowsAzureGuestAgent.account": r"NT AUTHORITY\SYSTEM"}, "ok", ""),
        ({"services.WindowsAzureGuestAgent.delete_flag": True}, "fail", "marked for deletion"),
        ({"services.WindowsAzureGuestAgent.image_exists": False}, "fail", "does not exist"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    "edits",
    [
        {"services.WindowsAzureGuestAgent.start": 4},
        {"services.WindowsAzureGuestAgent.start": 3},
        {"services.WindowsAzureGuestAgent.state": "Stopped"},
        {"services.WindowsAzureGuestAgent.state": "Paused"},
    ],
)
def test_both_services_are_fixed_together(edits):
    found = verdict(ID, edited(edits))
    assert fix_of(found) == ("win_backup_services", {"services": ["RdAgent", "WindowsAzureGuestAgent"]})
    assert found.fix.own is True


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"services.WindowsAzureGuestAgent": None}, "msiexec.exe /i"),
        ({"services.WindowsAzureGuestAgent.delete_flag": True}, "Reboot the VM"),
        ({"services.WindowsAzureGuestAgent.image_exists": False}, "msiexec.exe /i"),
        ({"services.WindowsAzureGuestAgent.state": "StopPending"}, "queryex WindowsAzureGuestAgent"),
        ({"services.WindowsAzureGuestAgent.account": r".\agent"}, "config WindowsAzureGuestAgent obj= LocalSystem"),
        (
            {"services.WindowsAzureGuestAgent.state": "StopPending", "services.WindowsAzureGuestAgent.start": 4},
            "queryex WindowsAzureGuestAgent",
        ),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["services.WindowsAzureGuestAgent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
