# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""comsysapp: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited, event, failed_run

ID = "comsysapp"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.COMSysApp.start": 4}, "fail", "COMSysApp is disabled"),
        ({"services.EventSystem.start": 4}, "fail", "EventSystem"),
        ({"services.COMSysApp": None}, "fail", "does not exist"),
        ({**failed_run("ExtensionSnapshotFailedCOM: x")}, "fail", "does not start"),
        ({**failed_run("ExtensionSnapshotFailedCOM: x"), "services.COMSysApp.state": "Running"}, "ok", ""),
        ({"events.service_failures": [event(7023, "COM+ System Application", "5")]}, "fail", "does not start"),
        ({"services.COMSysApp.state": "Stopped"}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["services.COMSysApp", "services.EventSystem"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
