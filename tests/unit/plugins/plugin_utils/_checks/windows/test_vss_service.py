# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vss_service: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, edited, event, failed_run

ID = "vss_service"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.VSS.state": "Stopped"}, "ok", ""),
        ({"services.VSS.start": 4}, "fail", "disabled"),
        ({"services.VSS": None}, "fail", "does not exist"),
        ({"services.VSS.state": "StopPending"}, "fail", "stuck"),
        ({"services.swprv.start": 4}, "fail", "swprv"),
        ({"services.VSS.account": r".\svc-vss"}, "warn", "not as LocalSystem"),
        ({"services.swprv.account": r"NT AUTHORITY\LocalService"}, "warn", "swprv is set to run as"),
        ({"services.VSS.account": r".\LocalSystem", **failed_run("x: y")}, "ok", ""),
        ({"services.VSS.account": r".\svc-vss", **failed_run("x: y")}, "fail", "not as LocalSystem"),
        ({"services.VSS.account": "localsystem", **failed_run("x: y")}, "ok", ""),
        ({"services.VSS.account": r"CORP\gmsa-vss$"}, "ok", ""),
        ({"services.VSS.account": r"CORP\gmsa-vss$", **failed_run("x: y")}, "fail", "not as LocalSystem"),
        ({"services.VSS.account": None, **failed_run("x: y")}, "ok", ""),
        ({"services.swprv.library_exists": False}, "fail", "The library of the service swprv"),
        (
            {
                **failed_run("ExtensionFailedVssServiceInBadState: x"),
                "events.service_failures": [event(7023, "Volume Shadow Copy")],
            },
            "fail",
            "bad state",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("edits", [{"services.VSS.start": 4}, {"services.swprv.start": 4}])
def test_disabled_services_are_enabled_whatever_else_is_fixed(edits):
    found = verdict(ID, edited(edits))
    assert fix_of(found) == ("win_backup_services", {"services": ["VSS", "swprv"]}) and found.fix.own


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"services.VSS": None}, r"Services\VSS on a VM"),
        ({"services.VSS.image_exists": False}, "sfc /scannow"),
        ({"services.VSS.state": "StopPending"}, "net stop VSS"),
        (failed_run("ExtensionFailedVssServiceInBadState: x"), "net stop VSS"),
    ],
)
def test_what_to_do_by_hand(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


@pytest.mark.parametrize("fact", ["services.VSS"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
