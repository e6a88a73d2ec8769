# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vss_writers: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited

ID = "vss_writers"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.writers.0.state": 8}, "fail", "have failed"),
        ({"backup.writers.0.state": 5}, "ok", ""),
        ({"backup.writers.0.state": 2}, "warn", "wait"),
        ({"backup.writers": []}, "fail", "no writers"),
        ({"backup.writers.0": {"id": "{1072ae1c-e5a7-4ea1-9e4a-6f7964656570}", "state": 9}}, "ok", ""),
        (
            {"backup.writers.0": {"id": "{e8132975-6f93-4464-a53e-1050253ae220}", "state": 11}},
            "fail",
            "System Writer (CryptSvc)",
        ),
        ({"backup.writers.0": {"id": "{12345678-0000-0000-0000-000000000000}", "state": 11}}, "fail", "{12345678"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"backup.writers": []}, "vssadmin list writers"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["backup.writers"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
