# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_folder_acl: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "win_folder_acl"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"agent.acl.packages": "D:(A;;0x1200a9;;;WD)"}, "warn", "Packages"),
        ({"agent.acl.packages": None, "agent.acl.windows_azure": None}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["agent.acl"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
