# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sql_server: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited

ID = "sql_server"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "not_applicable", ""),
        (
            {"backup.sql_instances": [{"name": "MSSQLSERVER", "version": "16.0", "edition": "Standard"}]},
            "warn",
            "power failure",
        ),
        (
            {
                "backup.sql_instances": [{"name": "MSSQLSERVER", "version": "16.0", "edition": "Standard"}],
                "services.SQLWriter": {"state": "Stopped", "start": 4, "read_from": "x"},
            },
            "warn",
            "is disabled",
        ),
        (
            {
                "backup.sql_instances": [{"name": "MSSQLSERVER", "version": "16.0", "edition": "Standard"}],
                "services.SQLWriter": {"state": "Running", "start": 2, "read_from": "x"},
            },
            "ok",
            "",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"backup.sql_instances": [{"name": "X", "version": "16.0", "edition": "Standard"}]}, "Install the SQL Writer"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["backup.sql_instances", "services.SQLWriter"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
