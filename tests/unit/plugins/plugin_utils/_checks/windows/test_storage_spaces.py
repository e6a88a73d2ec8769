# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""storage_spaces: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited, failed_run

ID = "storage_spaces"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"storage.pools": ["data"]}, "ok", "last run succeeded"),
        ({"storage.pools": ["data"], **failed_run("x")}, "warn", "storage pool"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["storage.pools", "extension.versions"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
