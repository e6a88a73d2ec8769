# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""normal_boot: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited, event

ID = "normal_boot"
REFUSED = {"events.vss_errors": [event(8193, "CoCreateInstance", "0x8007043C")]}
DOWN = {"services.RdAgent.state": "Stopped"}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"identity.safe_mode": 1}, "fail", "runs in safe mode"),
        ({"identity.safe_mode": 3}, "fail", "directory services repair mode"),
        ({"identity.safe_mode": 9}, "fail", "safe boot option 9"),
        ({**REFUSED, **DOWN}, "fail", "refused to start"),
        ({**REFUSED, **DOWN, "identity.safe_mode": GONE}, "fail", "refused to start"),
        (REFUSED, "ok", ""),
        ({**REFUSED, **DOWN, "identity.boot_time": "2026-11-23T08:02:00Z"}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["identity.safe_mode"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
