# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""csv_writer: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited, event

ID = "csv_writer"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "not_applicable", ""),
        ({"services.ClusSvc": {"state": "Running", "start": 2, "read_from": "x"}}, "ok", ""),
        (
            {
                "services.ClusSvc": {"state": "Running", "start": 2, "read_from": "x"},
                "events.cluster_backup": [event(1544)],
            },
            "warn",
            "has no such volumes",
        ),
        (
            {
                "services.ClusSvc": {"state": "Running", "start": 2, "read_from": "x"},
                "events.vss_errors": [event(8229, "{1072ae1c-e5a7-4ea1-9e4a-6f7964656570}")],
            },
            "warn",
            "has no such volumes",
        ),
        (
            {
                "services.ClusSvc": {"state": "Running", "start": 2, "read_from": "x"},
                "events.cluster_backup": [event(1544)],
                "backup.cluster.csv_writer": 0,
            },
            "ok",
            "",
        ),
        (
            {"services.ClusSvc": {"state": "Running", "start": 2, "read_from": "x"}, "backup.cluster.csv_volumes": 2},
            "warn",
            "does not support",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        (
            {"services.ClusSvc": {"state": "Running", "start": 2, "read_from": "x"}, "backup.cluster.csv_volumes": 2},
            "another product",
        ),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["services.ClusSvc", "backup.cluster"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
