# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""rdagent_running: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, edited, event

ID = "rdagent_running"
HUNG = {"events.service_failures": [event(7022, "Agent", "RdAgent")]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.RdAgent": None}, "fail", "does not exist"),
        ({"services.RdAgent.state": "Stopped"}, "fail", "not running"),
        ({"services.RdAgent.state": "Stopped", "services.exit_codes.RdAgent.exit_code": 1067}, "fail", "1067"),
        (
            {
                "services.RdAgent.state": "Stopped",
                "services.exit_codes.RdAgent": {"exit_code": 1066, "specific_code": 7, "process_id": 0},
            },
            "fail",
            "code 7",
        ),
        ({"services.RdAgent.state": "StopPending"}, "fail", "stuck in StopPending"),
        ({"services.RdAgent.state": "StartPending"}, "ok", ""),
        ({"services.RdAgent.state": "StartPending", **HUNG}, "fail", "does not finish its start"),
        ({"services.RdAgent.state": "StartPending", "events": GONE}, "unknown", "events"),
        (HUNG, "ok", ""),
        ({"services.RdAgent.start": 4}, "fail", "disabled"),
        ({"services.RdAgent.start": 3}, "warn", "manual"),
        ({"services.RdAgent.delete_flag": True}, "fail", "marked for deletion"),
        ({"services.RdAgent.image_exists": False}, "fail", "does not exist"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    "edits",
    [
        {"services.RdAgent.start": 4},
        {"services.RdAgent.start": 3},
        {"services.RdAgent.state": "Stopped"},
        {"services.RdAgent.state": "Paused"},
    ],
)
def test_both_services_are_fixed_together(edits):
    found = verdict(ID, edited(edits))
    assert fix_of(found) == ("win_backup_services", {"services": ["RdAgent", "WindowsAzureGuestAgent"]})
    assert found.fix.own is False


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"services.RdAgent": None}, "msiexec.exe /i"),
        ({"services.RdAgent.delete_flag": True}, "Reboot the VM"),
        ({"services.RdAgent.image_exists": False}, "msiexec.exe /i"),
        ({"services.RdAgent.state": "StopPending"}, "queryex RdAgent"),
        ({"services.RdAgent.state": "StopPending", "services.RdAgent.start": 4}, "queryex RdAgent"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["services.RdAgent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
