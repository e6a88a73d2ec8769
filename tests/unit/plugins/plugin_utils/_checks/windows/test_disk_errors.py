# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""disk_errors: the rule, its neighbours, and missing facts."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from support import verdict
from windows_states import GONE, edited, event, failed_run

ID = "disk_errors"
DAMAGED = {"events.disk_errors": [event(55, "E:", provider="Ntfs")]}
NIGHT = {"events.disk_errors": [event(11, r"\Device\Harddisk5\DR9", time="2026-11-22T22:10:00Z", provider="disk")]}


@pytest.mark.parametrize(
    ("edits", "status"),
    [
        ({}, "ok"),
        (DAMAGED, "ok"),
        ({**DAMAGED, **failed_run("x: y")}, "warn"),
        ({**NIGHT, **failed_run("x: y")}, "ok"),
        ({"events": GONE}, "ok"),
        ({"extension": GONE}, "unknown"),
    ],
)
def test_rule(edits, status):
    assert verdict(ID, edited(edits)).status == status


@pytest.mark.parametrize(
    "edits",
    [
        {**DAMAGED, **failed_run("Snapshot command failed")},
        failed_run("0x8007045D"),
        {"events.vss_errors": [event(12305, "DeviceIoControl")], **failed_run("Snapshot command failed")},
        {"events.volume_timeouts": [event(14, "E:")], **failed_run("Snapshot command failed")},
    ],
)
def test_it_is_the_cause(edits):
    assert diagnose(edited(edits))["first_cause"] == ID


def test_a_writer_that_failed_comes_before_a_disk_that_may_be_another_one():
    result = diagnose(edited({**DAMAGED, "backup.writers.0.state": 8, **failed_run("Snapshot command failed")}))
    assert result["first_cause"] == "vss_writers"
