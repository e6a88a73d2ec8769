# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""msiserver: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, edited, failed_run

ID = "msiserver"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.msiserver.start": 4}, "warn", "disabled"),
        ({"services.msiserver.start": 4, "backup.vc_runtimes": []}, "fail", "disabled"),
        ({"services.msiserver.start": 4, **failed_run("ExtensionVCRedistInstallationFailure: x")}, "fail", "disabled"),
        ({"services.msiserver": None}, "warn", "does not exist"),
        ({"services.msiserver.image_exists": False}, "warn", "program"),
        ({"services.msiserver.image_exists": False, "backup.vc_runtimes": []}, "fail", "program"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("runtimes", [{}, {"backup.vc_runtimes": []}])
def test_fix(runtimes):
    found = verdict(ID, edited({"services.msiserver.start": 4, **runtimes}))
    assert fix_of(found) == ("win_backup_services", {"services": ["msiserver"]})


def test_a_service_that_is_gone_is_restored_by_hand():
    assert r"Services\msiserver on a VM" in advice_of(verdict(ID, edited({"services.msiserver": None})))


@pytest.mark.parametrize("fact", ["services.msiserver", "backup.vc_runtimes"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
