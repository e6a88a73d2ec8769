# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sql_server: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "sql_server"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "not_applicable", ""),
        (
            {"backup.sql_instances": [{"name": "MSSQLSERVER", "version": "16.0", "edition": "Standard"}]},
            "warn",
            "power cut",
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


@pytest.mark.parametrize("fact", ["backup.sql_instances", "services.SQLWriter"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
