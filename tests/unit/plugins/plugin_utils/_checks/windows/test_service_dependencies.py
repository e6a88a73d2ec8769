# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""service_dependencies: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "service_dependencies"


def needs(*names):
    return {"services.VSS.depends_on": list(names), "services.VSS.state": "Stopped"}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({**needs("http"), "services.http": {"start": 4, "state": "Stopped"}}, "fail", "http, on which VSS depends"),
        ({**needs("HTTP"), "services.http": {"start": 4, "state": "Stopped"}}, "fail", "on which VSS depends"),
        ({**needs("http"), "services.http": {"start": 4, "state": "Running"}}, "ok", ""),
        ({**needs("http"), "services.http": {"start": 3, "state": "Stopped"}}, "ok", ""),
        (
            {**needs("http"), "services.http": {"start": 4, "state": "Stopped"}, "services.VSS.state": "Running"},
            "ok",
            "",
        ),
        (
            {
                "services.WindowsAzureGuestAgent.depends_on": ["COMSysApp"],
                "services.WindowsAzureGuestAgent.state": "Stopped",
                "services.COMSysApp.start": 4,
            },
            "fail",
            "on which WindowsAzureGuestAgent depends",
        ),
        (
            {
                "services.RdAgent.depends_on": ["rpcss", "OldFilter"],
                "services.RdAgent.state": "Stopped",
                "services.OldFilter": None,
            },
            "fail",
            "OldFilter, on which RdAgent depends, does not exist",
        ),
        ({"services.RdAgent.depends_on": ["OldFilter"], "services.OldFilter": None}, "ok", ""),
        ({**needs("OldFilter"), "services.OldFilter": None}, "ok", ""),
        # One with a check of its own.
        ({**needs("EventSystem"), "services.EventSystem.start": 4, "services.EventSystem.state": "Stopped"}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def test_missing_fact():
    found = verdict(ID, edited({"services.VSS.state": "Stopped", "services.VSS.depends_on": GONE}))
    assert found.status == "unknown" and "depends_on" in found.why
