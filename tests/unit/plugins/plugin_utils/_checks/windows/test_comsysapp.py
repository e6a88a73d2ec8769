# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""comsysapp: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, STATUS, edited, event, failed_run

ID = "comsysapp"
ENDED = 7023, "COM+ System Application", "5"
HANDLER = "agent.aggregate.handlers.0"
SINCE = "2026-11-23T08:03:00Z"
"""After the last run."""
NIGHT = "2026-11-23T01:00:00Z"
REFUSED = {"events.vss_errors": [event(13, "{x}", "EventSystem", "0x80070005")]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.COMSysApp.start": 4}, "fail", "COMSysApp is disabled"),
        ({"services.EventSystem.start": 4}, "fail", "EventSystem"),
        ({"services.COMSysApp": None}, "fail", "does not exist"),
        ({"services.COMSysApp.account": r"NT AUTHORITY\NetworkService"}, "warn", "not as LocalSystem"),
        ({"services.EventSystem.library_exists": False}, "fail", "library of the service EventSystem"),
        ({**failed_run("ExtensionSnapshotFailedCOM: x")}, "fail", "not running"),
        ({**failed_run("ExtensionSnapshotFailedCOM: x"), "services.COMSysApp.state": "Running"}, "ok", ""),
        ({"events.service_failures": [event(*ENDED, time=SINCE)]}, "fail", "not running"),
        ({"events.service_failures": [event(*ENDED)]}, "ok", ""),
        ({"events.service_failures": [event(*ENDED)], **failed_run("x: y")}, "fail", "not running"),
        ({"events.service_failures": [event(*ENDED, time=NIGHT)]}, "ok", ""),
        ({"events.service_failures": [event(*ENDED, time=NIGHT)], **failed_run("x: y")}, "ok", ""),
        ({"events.service_failures": [event(*ENDED)], "extension.versions": []}, "ok", ""),
        ({"events.service_failures": [event(*ENDED)], STATUS: None}, "fail", "not running"),
        ({"events.service_failures": [event(*ENDED)], STATUS: None, f"{HANDLER}.result": "error"}, "fail", "not run"),
        ({"events.service_failures": [event(*ENDED)], f"{STATUS}.status": "transitioning"}, "fail", "not running"),
        ({"events.service_failures": [event(*ENDED, time=SINCE)], "extension": GONE}, "unknown", ""),
        ({"services.COMSysApp.state": "Stopped"}, "ok", ""),
        ({"services.EventSystem.state": "Stopped"}, "ok", ""),
        ({"services.EventSystem.state": "Stopped", "backup.writers": GONE}, "ok", ""),
        ({"services.EventSystem.state": "Stopped", "backup.writers": []}, "fail", "Event System is stopped"),
        ({"services.EventSystem.state": "Stopped", **REFUSED}, "fail", "Event System is stopped"),
        ({"services.EventSystem.state": "Stopped", **failed_run("x (-2147212520)")}, "fail", "Event System is stopped"),
        ({"services.EventSystem.state": "Stopped", **failed_run("x (0x80042319)")}, "ok", ""),
        ({**REFUSED}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "parameters"),
    [
        ({"services.COMSysApp.start": 4}, {"services": ["EventSystem", "COMSysApp"]}),
        ({"services.EventSystem.start": 4}, {"services": ["EventSystem", "COMSysApp"]}),
        (failed_run("ExtensionSnapshotFailedCOM: x"), {"started": ["COMSysApp"]}),
        ({"services.EventSystem.state": "Stopped", "backup.writers": []}, {"started": ["EventSystem"]}),
    ],
)
def test_fix(edits, parameters):
    assert fix_of(verdict(ID, edited(edits))) == ("win_backup_services", parameters)


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"services.COMSysApp": None}, r"Services\COMSysApp on a VM"),
        ({"services.EventSystem.image_exists": False}, "sfc /scannow"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["services.COMSysApp", "services.EventSystem"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
