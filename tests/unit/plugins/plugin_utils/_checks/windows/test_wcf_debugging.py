# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wcf_debugging: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "wcf_debugging"
LIBRARY = {
    "extension.shared_assemblies": [
        {
            "name": "Microsoft.VisualStudio.Diagnostics.ServiceModelSink",
            "version": "4.0.0.0",
            "read_from": r"C:\Windows\Microsoft.NET\assembly\GAC_MSIL",
        }
    ]
}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"dotnet.machine_config.wcf_debugging": True}, "warn", "without its library"),
        ({"dotnet.machine_config.wcf_debugging": True, **LIBRARY}, "ok", "is installed"),
        ({"dotnet.machine_config.wcf_debugging": True, "extension.shared_assemblies": GONE}, "warn", "without"),
        (
            {"dotnet.machine_config.wcf_debugging": True, **LIBRARY, "agent.aggregate.status": "NotReady"},
            "fail",
            "ServiceModelSink",
        ),
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
