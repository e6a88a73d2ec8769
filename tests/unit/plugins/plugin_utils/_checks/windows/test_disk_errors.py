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
GONE_DISK = {"events.volume_states": [event(157, r"\Device\Harddisk3\DR3", "3", provider="disk")]}


def mounted(state):
    found = event(98, "F:", r"\Device\HarddiskVolume9", state, provider="Microsoft-Windows-Ntfs")
    return {"events.volume_states": [found]}


NIGHT = {"events.disk_errors": [event(11, r"\Device\Harddisk5\DR9", time="2026-11-22T22:10:00Z", provider="disk")]}


@pytest.mark.parametrize(
    ("edits", "status"),
    [
        ({}, "ok"),
        (DAMAGED, "ok"),
        ({**DAMAGED, **failed_run("x: y")}, "warn"),
        ({**NIGHT, **failed_run("x: y")}, "ok"),
        ({"events.disk_errors": [event(129, r"\Device\RaidPort1", provider="storvsc")], **failed_run("x: y")}, "warn"),
        ({"events.disk_errors": [event(153, r"\Device\Harddisk1\DR1", provider="disk")]}, "ok"),
        ({**mounted("1"), **failed_run("x: y")}, "warn"),
        ({**mounted("0"), **failed_run("x: y")}, "ok"),
        (mounted("3"), "ok"),
        ({**GONE_DISK, **failed_run("x: y")}, "warn"),
        (GONE_DISK, "ok"),
        ({"events.volume_states": GONE, **failed_run("x: y")}, "ok"),
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
        {**mounted("2"), **failed_run("Snapshot command failed")},
        {**GONE_DISK, **failed_run("Snapshot command failed")},
        {**DAMAGED, "events.volume_timeouts": [event(8, "E:")], **failed_run("Snapshot command failed")},
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


def test_a_volume_that_needs_nothing_explains_nothing():
    result = diagnose(edited({**mounted("0"), **failed_run("Snapshot command failed")}))
    assert result["first_cause"] == "ext_status"
