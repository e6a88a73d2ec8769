# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""msdtc: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, edited, failed_run

ID = "msdtc"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"backup.msdtc_account_sid": "S-1-5-18"}, "fail", "Network Service"),
        ({"services.MSDTC.start": 4}, "fail", "disabled"),
        ({"services.MSDTC.account": "NT-AUTORITÄT\\Netzwerkdienst"}, "ok", ""),
        ({"services.MSDTC.state": "Stopped"}, "ok", ""),
        ({"services.MSDTC.state": "Stopped", **failed_run("ExtensionInstallationFailedMDTC: x")}, "fail", "stopped"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "parameters"),
    [
        ({"backup.msdtc_account_sid": "S-1-5-18"}, {"services": ["MSDTC"]}),
        ({"services.MSDTC.start": 4}, {"services": ["MSDTC"]}),
        (
            {"services.MSDTC.state": "Stopped", **failed_run("ExtensionInstallationFailedMDTC: x")},
            {"started": ["MSDTC"]},
        ),
    ],
)
def test_the_owner_of_applications_agrees_first(edits, parameters):
    found = verdict(ID, edited(edits))
    assert fix_of(found) == ("win_backup_services", parameters)
    assert found.fix.confirm and found.fix.own


def test_a_service_that_is_gone_is_restored_by_hand():
    assert r"Services\MSDTC on a VM" in advice_of(verdict(ID, edited({"services.MSDTC": None})))


@pytest.mark.parametrize("fact", ["services.MSDTC", "backup.msdtc_account_sid"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
