# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""msdtc: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
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


@pytest.mark.parametrize("fact", ["services.MSDTC", "backup.msdtc_account_sid"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
