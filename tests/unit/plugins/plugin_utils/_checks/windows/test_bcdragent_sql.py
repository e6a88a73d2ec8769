# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""bcdragent_sql: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, edited, event

ID = "bcdragent_sql"
FULL = {"UseVssFullBackup": {"type": "REG_SZ", "value": "True"}}
COPY = {"USEVSSCOPYBACKUP": {"type": "REG_SZ", "value": "TRUE"}}
OWN_BACKUPS = {
    "backup.sql_instances": [{"name": "MSSQLSERVER", "version": "16.0", "edition": "Standard"}],
    "events.sql_backups": [event(18265, "db", "TYPE=DISK: {x}")],
}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.bcdr_agent": {"USEVSSCOPYBACKUP": {"type": "REG_SZ", "value": "TRUE"}}}, "ok", "2016"),
        ({"backup.bcdr_agent": FULL}, "ok", ""),
        ({"backup.bcdr_agent": FULL, **OWN_BACKUPS}, "warn", "break their chain"),
        ({"backup.bcdr_agent": {**FULL, **COPY}, **OWN_BACKUPS}, "warn", "break their chain"),
        ({"backup.bcdr_agent": COPY, **OWN_BACKUPS}, "ok", "2016"),
        ({"backup.bcdr_agent": {"UseVssCopyBackup": {"type": "REG_SZ", "value": "True"}}}, "ok", "2016"),
        ({"backup.bcdr_agent": {"USEVSSCOPYBACKUP": {"type": "REG_DWORD", "value": 1}}}, "warn", "REG_DWORD"),
        ({"backup.bcdr_agent": {"USEVSSCOPYBACKUP": {"type": "REG_SZ", "value": "1"}}}, "warn", "neither"),
        ({"backup.bcdr_agent_wow64": {"USEVSSCOPYBACKUP": {"type": "REG_SZ", "value": "TRUE"}}}, "warn", "32-bit view"),
        (
            {
                "backup.sql_instances": [{"name": "MSSQLSERVER", "version": "16.0", "edition": "Standard"}],
                "events.sql_backups": [event(18264, "db", "TYPE=DISK: {x}")],
            },
            "warn",
            "SQL Server makes backups",
        ),
        ({"backup.sql_instances": [{"name": "X", "version": None, "edition": None}]}, "ok", ""),
        ({"backup.bcdr_agent": None}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "parameters"),
    [
        ({"backup.bcdr_agent": {"USEVSSCOPYBACKUP": {"type": "REG_DWORD", "value": 1}}}, {"normalize": True}),
        (
            {"backup.bcdr_agent_wow64": {"USEVSSCOPYBACKUP": {"type": "REG_SZ", "value": "TRUE"}}},
            {"normalize": True},
        ),
        (
            {
                "backup.sql_instances": [{"name": "MSSQLSERVER", "version": "16.0", "edition": "Standard"}],
                "events.sql_backups": [event(18264, "db", "TYPE=DISK: {x}")],
            },
            {"settings": {"USEVSSCOPYBACKUP": True}},
        ),
    ],
)
def test_fix(edits, parameters):
    assert fix_of(verdict(ID, edited(edits))) == ("win_bcdragent", parameters)


@pytest.mark.parametrize("place", ["bcdr_agent", "bcdr_agent_wow64"])
@pytest.mark.parametrize(("type_", "value"), [("REG_SZ", "maybe"), ("REG_DWORD", 7), ("REG_QWORD", 2)])
def test_an_unclear_value_is_a_matter_of_who_set_it(place, type_, value):
    nothing = {"backup.bcdr_agent": {}, "backup.bcdr_agent_wow64": {}}
    found = verdict(ID, edited({**nothing, f"backup.{place}": {"USEVSSCOPYBACKUP": {"type": type_, "value": value}}}))
    assert found.status == "warn" and "Ask who set it" in advice_of(found)


@pytest.mark.parametrize("fact", ["backup.bcdr_agent", "backup.bcdr_agent_wow64", "backup.sql_instances"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
