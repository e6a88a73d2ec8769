# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""bcdr_persistent: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, edited

ID = "bcdr_persistent"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.bcdr_persistent": None}, "ok", ""),
        ({"backup.bcdr_persistent": {"SnapshotMethod": {"type": "REG_SZ", "value": "firstHostThenGuest"}}}, "ok", ""),
        ({"backup.bcdr_persistent": {"SnapshotMethod": {"type": "REG_DWORD", "value": 1}}}, "warn", "SnapshotMethod"),
        ({"backup.bcdr_persistent": {"SNAPSHOTMETHOD": {"type": "REG_DWORD", "value": 1}}}, "warn", "REG_SZ"),
        ({"backup.bcdr_persistent": {"snapshotMethod": {"type": "REG_SZ", "value": "onlyhost"}}}, "ok", ""),
        (
            {"backup.bcdr_persistent": {"SnapshotMethod": {"type": "REG_SZ", "value": "host"}}},
            "warn",
            "documented word",
        ),
        (
            {"backup.bcdr_persistent": {"SnapshotWithoutThreads": {"type": "REG_SZ", "value": "x"}}},
            "warn",
            "documented",
        ),
        ({"backup.bcdr_persistent": {"SomethingElse": {"type": "REG_SZ", "value": "x"}}}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("name", "value", "clear"),
    [
        ("CalculateSnapshotTimeFromHost", 1, True),
        ("SnapshotWithoutThreads", "off", True),
        ("SnapshotMethod", "OnlyHost", True),
        ("SnapshotMethod", 1, False),
        ("SnapshotWithoutThreads", 7, False),
        ("CalculateSnapshotTimeFromHost", "", False),
    ],
)
def test_what_is_clear_is_written_again(name, value, clear):
    found = verdict(ID, edited({"backup.bcdr_persistent": {name: {"type": "REG_DWORD", "value": value}}}))
    assert fix_of(found) == (("win_bcdragent", {"normalize": True}) if clear else None)
    assert clear or "Ask who set it" in advice_of(found)


@pytest.mark.parametrize("fact", ["backup.bcdr_persistent"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
