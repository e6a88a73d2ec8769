# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""disk_iops: the rule, its neighbours, and a log that could not be read."""

import pytest
from support import verdict
from windows_states import GONE, PLUGIN, STATUS, edited, event, failed_run

ID = "disk_iops"
NIGHT = "2026-11-23T01:00:00Z"
HANDLER = "agent.aggregate.handlers.0"
BUSY = {"events.volume_timeouts": [event(8, "C:")]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (BUSY, "ok", "Earlier"),
        ({**BUSY, **failed_run("x: y")}, "fail", "writes were held"),
        ({"events.vss_errors": [event(12289, "0x80042314")], **failed_run("x: y")}, "fail", "writes were held"),
        ({"events.vss_errors": [event(12298, "x")], **failed_run("x: y")}, "fail", "writes were held"),
        ({"events.vss_errors": [event(12310, "x")], **failed_run("x: y")}, "fail", "writes were held"),
        ({"events.volume_timeouts": [event(25, "C:")], **failed_run("x: y")}, "fail", "writes were held"),
        ({"events.volume_timeouts": [event(36, "C:")], **failed_run("x: y")}, "ok", ""),
        ({"events.volume_timeouts": [event(8, "C:", time=NIGHT)], **failed_run("x: y")}, "ok", ""),
        ({"events.vss_errors": [event(8193, "0x80070005")], **failed_run("x: y")}, "ok", ""),
        (failed_run("x: 0x80042313"), "fail", "writes were held"),
        ({**BUSY, "extension.versions": []}, "ok", "Earlier"),
        ({**BUSY, f"{PLUGIN}.status": None}, "fail", "writes were held"),
        ({**BUSY, f"{PLUGIN}.status": None, f"{HANDLER}.result": "error"}, "fail", "writes were held"),
        (
            {"events.volume_timeouts": [event(8, "C:", time=NIGHT)], f"{STATUS}.status": "transitioning"},
            "ok",
            "Earlier",
        ),
        ({**BUSY, f"{STATUS}.status": "transitioning"}, "fail", "writes were held"),
        ({"events": GONE}, "ok", ""),
        ({"extension": GONE}, "unknown", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found
