# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""agent_installed: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited

ID = "agent_installed"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (
            {"services.RdAgent": None, "services.WindowsAzureGuestAgent": None, "agent.versions": []},
            "fail",
            "Neither",
        ),
        ({"services.RdAgent": None}, "fail", "in part: RdAgent"),
        ({"agent.versions": []}, "fail", "WaAppAgent.exe does not"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"services.RdAgent": None}, "sc.exe delete RdAgent"),
        ({"agent.versions": []}, "sc.exe delete RdAgent"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["services.RdAgent", "services.WindowsAzureGuestAgent", "agent.versions"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
