# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""bcdr_persistent: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import fix_of, verdict
from windows_states import GONE, edited

ID = "bcdr_persistent"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.bcdr_persistent": None}, "ok", ""),
        ({"backup.bcdr_persistent": {"SnapshotMethod": {"type": "REG_SZ", "value": "firstHostThenGuest"}}}, "ok", ""),
        ({"backup.bcdr_persistent": {"SnapshotMethod": {"type": "REG_DWORD", "value": 1}}}, "warn", "SnapshotMethod"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def test_fix():
    found = verdict(ID, edited({"backup.bcdr_persistent": {"SnapshotMethod": {"type": "REG_DWORD", "value": 1}}}))
    assert fix_of(found) == ("win_bcdragent", {"normalize": True})


@pytest.mark.parametrize("fact", ["backup.bcdr_persistent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
