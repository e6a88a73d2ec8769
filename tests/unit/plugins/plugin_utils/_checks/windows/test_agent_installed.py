# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_installed: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "agent_installed"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (
            {"services.RdAgent": None, "services.WindowsAzureGuestAgent": None, "agent.versions": []},
            "fail",
            "not installed",
        ),
        ({"services.RdAgent": None}, "fail", "in part: RdAgent"),
        ({"agent.versions": []}, "fail", "programs do not"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["services.RdAgent", "services.WindowsAzureGuestAgent", "agent.versions"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
