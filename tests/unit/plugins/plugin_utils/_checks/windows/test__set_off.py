# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What set an error off on Windows: the most telling change in the minutes before."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows._set_off import set_off
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._state import GuestState
from windows_states import GONE, edited

BEGAN = "2026-11-23T08:01:00Z"
UNPACKED = {"agent.versions.0.folder": r"C:\WindowsAzure\GuestAgent_2.7.41491.1183_2026-11-23_080003"}
BOOTED = {"identity.boot_time": "2026-11-23T07:59:05Z"}


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({}, "a start of the agent"),
        (BOOTED, "a boot"),
        ({**BOOTED, **UNPACKED}, "a new version of the agent"),
        ({"agent.guest.GuestAgentStartTime": "2026-11-23 08:03:12Z"}, None),
        ({"agent.guest.GuestAgentStartTime": "2026-11-23 07:41:12Z"}, None),
        ({"agent.guest": None, "agent.versions": [], "identity.boot_time": None}, None),
        ({"agent": GONE, "identity": GONE}, None),
    ],
)
def test_what_set_it_off(edits, what):
    shown = set_off(GuestState(edited(edits)), BEGAN)
    assert [one.source.partition(": ")[2].partition(":")[0] for one in shown] == ([what] if what else [])


def test_an_error_without_a_time():
    assert set_off(GuestState(edited({})), "gestern") == []
