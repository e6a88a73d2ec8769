# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wmi: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, verdict
from windows_states import GONE, edited

ID = "wmi"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.Winmgmt.start": 4}, "fail", "disabled"),
        ({"services.Winmgmt": None}, "fail", "does not exist"),
        ({"services.Winmgmt.state": "Stopped"}, "warn", "stopped"),
        ({"services.Winmgmt.state": "Stopped", "services.Winmgmt.start": 3}, "ok", ""),
        ({"wmi.std_reg_prov": 5}, "fail", "StdRegProv"),
        ({"wmi": {}}, "ok", ""),
        (
            {"wmi": {}, "agent.installer_messages": [{"message": "m", "number": "424"}], "services.RdAgent": None},
            "fail",
            "StdRegProv",
        ),
        ({"wmi": {}, "agent.installer_messages": [{"message": "m", "number": "424"}]}, "unknown", "once"),
        ({"agent.installer_messages": [{"message": "m", "number": "424"}], "services.RdAgent": None}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"services.Winmgmt.start": 4}, "net start Winmgmt"),
        ({"services.Winmgmt.state": "Stopped"}, "net start Winmgmt"),
        ({"services.Winmgmt": None}, r"Services\Winmgmt on a VM"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["services.Winmgmt"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
