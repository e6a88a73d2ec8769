# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""av_exclusion: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, STATUS, agent_says, edited, event, failed_run

ID = "av_exclusion"
BLOCKED = {"events.defender_blocks": [event(1121, "D1E49AAC-8F56-4280-B9BA-993A6D77406C", "IaaSBcdrExtension.exe")]}

LONG_BEFORE, LATER = (
    {
        "identity.boot_time": "2026-11-10T06:00:00Z",
        "events.application_crashes": [event(1000, "IaaSBcdrExtension.exe", time=time)],
    }
    for time in ("2026-11-19T08:00:30Z", "2026-11-23T08:03:00Z")
)
NO_TIME = {f"{STATUS}.time": None}
AFTER_SUCCESS = {"events.application_crashes": [event(1000, "IaaSBcdrExtension.exe", time="2026-11-23T08:00:59Z")]}


def stopped(number):
    """What Defender did to a file of the extension hours before the last run."""
    return event(number, "C:\\Packages\\Plugins\\IaasVmProvider.dll", time="2026-11-23T01:00:00Z")


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (
            {"events.application_crashes": [event(1000, "IaaSBcdrExtension.exe")], **failed_run("x: y")},
            "fail",
            "crashed",
        ),
        ({"events.application_crashes": [event(1000, "IaaSBcdrExtension.exe")]}, "ok", ""),
        ({**AFTER_SUCCESS, **agent_says("NotReady")}, "fail", "crashed"),
        (AFTER_SUCCESS, "ok", ""),
        ({"events.application_crashes": [event(1000, "IaaSBcdrExtension.exe")], **agent_says("NotReady")}, "ok", ""),
        ({**LONG_BEFORE, **failed_run("ExtensionFailedVssWriterInBadState")}, "ok", ""),
        ({**LONG_BEFORE, **failed_run("x: y"), **NO_TIME}, "fail", "crashed"),
        ({**LATER, **failed_run("x: y")}, "fail", "crashed"),
        ({**BLOCKED, **failed_run("x: y")}, "fail", "Defender"),
        ({**BLOCKED, **agent_says("NotReady")}, "fail", "Defender"),
        (BLOCKED, "ok", ""),
        ({"events.defender_blocks": [stopped(1123)], **failed_run("x: y")}, "ok", ""),
        ({"events.defender_blocks": [stopped(1117)], **failed_run("x: y")}, "fail", "Defender"),
        ({"events.defender_blocks": [event(1121, "C:\\Tools\\psexec.exe")], **failed_run("x: y")}, "ok", ""),
        ({"security.antivirus_filters": ["csagent"]}, "ok", ""),
        ({"security.antivirus_filters": ["csagent"], **failed_run("Setup: 80070020")}, "fail", "held"),
        ({"security.antivirus_filters": [], **failed_run("Setup: 80070020")}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["security.defender_exclusions"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
