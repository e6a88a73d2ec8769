# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wcf_debugging: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "wcf_debugging"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"dotnet.machine_config.wcf_debugging": True}, "warn", "ServiceModelSink"),
        (
            {"dotnet.machine_config.wcf_debugging": True, "services.WindowsAzureGuestAgent.state": "Stopped"},
            "fail",
            "ServiceModelSink",
        ),
        (
            {"dotnet.machine_config.wcf_debugging": True, "agent.aggregate.status": "NotReady"},
            "fail",
            "ServiceModelSink",
        ),
        ({"dotnet.machine_config": None}, "not_applicable", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["dotnet.machine_config"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
