# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_stable: the rule, its neighbours, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited, event

ID = "agent_stable"
CRASH = event(1000, "WaAppAgent.exe")


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (
            {
                "events.dotnet_crashes": [
                    event(
                        1026, "Application: WindowsAzureGuestAgent.exe Exception Info: System.IO.FileNotFoundException"
                    )
                ]
            },
            "warn",
            "System.IO.FileNotFoundException",
        ),
        (
            {
                "events.dotnet_crashes": [
                    event(
                        1026, "Application: WindowsAzureGuestAgent.exe Exception Info: System.IO.FileNotFoundException"
                    )
                ],
                "services.WindowsAzureGuestAgent.state": "Stopped",
            },
            "fail",
            "crashed",
        ),
        ({"events.application_crashes": [event(1000, "WaAppAgent.exe")]}, "warn", "crashed"),
        ({"events.application_crashes": [event(1000, "notepad.exe")]}, "ok", ""),
        ({"events.service_failures": [event(7031, "Windows Azure Guest Agent", "1")]}, "warn", "crashed"),
        (
            {"events.service_failures": [event(7031, "Windows Azure Guest Agent", time="2026-11-01T00:00:00Z")]},
            "ok",
            "",
        ),
        (
            {"events.service_failures": [event(7031, "RdAgent", str(n)) for n in (3, 2, 1)]},
            "fail",
            "3 times within 60 minutes",
        ),
        ({"events.service_failures": [event(7034, "Remote Desktop", "1", "RDAgentBootLoader")] * 3}, "ok", ""),
        (
            {"events.service_failures": [event(7031, "RdAgent", time="2026-11-23T03:00:00Z")] * 3},
            "warn",
            "since the last boot",
        ),
        ({"events": {}}, "unknown", "events.service_failures"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(("build", "advised"), [(7601, True), (9600, True), (14393, False), (20348, False)])
def test_an_older_windows_keeps_an_older_agent(build, advised):
    crashed = {"events.application_crashes": [event(1000, "WaAppAgent.exe")], "identity.os.build": build}
    for edits in ({}, {"services.RdAgent.state": "Stopped"}, {"events.application_crashes": [CRASH] * 3}):
        advice = advice_of(verdict(ID, edited({**crashed, **edits})))
        assert ("the last one that ran" in (advice or "")) is advised


@pytest.mark.parametrize("fact", ["services.WindowsAzureGuestAgent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
