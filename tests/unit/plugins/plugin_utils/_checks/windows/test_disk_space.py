# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""disk_space: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "disk_space"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"storage.drives.0.free": 1048576}, "fail", "less than 100 MiB"),
        ({"storage.drives.0.free": 524288000}, "warn", "500 MiB free, less than 1,024 MiB"),
        ({"storage.drives.0.free": None}, "unknown", "is unknown"),
        ({"storage.drives.1.free": 0}, "ok", ""),
        ({"storage.drives": []}, "unknown", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["storage.drives", "storage.system_drive"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
