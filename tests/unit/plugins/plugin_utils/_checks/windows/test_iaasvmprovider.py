# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""iaasvmprovider: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import advice_of, fix_of, verdict
from windows_states import GONE, PLUGIN, edited

ID = "iaasvmprovider"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"services.IaasVmProvider": None}, "not_applicable", "first backup"),
        ({"services.IaasVmProvider.start": 4}, "fail", "disabled"),
        ({"services.IaasVmProvider.start": 3}, "ok", "not automatic"),
        ({"services.IaasVmProvider.start": 3, f"{PLUGIN}.status": None}, "warn", "manual"),
        ({"services.IaasVmProvider.start": 3, f"{PLUGIN}.status.status": "transitioning"}, "ok", "under way"),
        (
            {
                "services.IaasVmProvider.start": 3,
                f"{PLUGIN}.status.status": "transitioning",
                f"{PLUGIN}.status.time": "2026-11-23T01:00:00Z",
            },
            "warn",
            "manual",
        ),
        ({"services.IaasVmProvider.image_exists": False}, "fail", "executable"),
        ({"services.IaasVmProvider.state": "Stopped"}, "ok", ""),
        ({"services.IaasVmProvider.account": r"CORP\svc-backup"}, "warn", "not as LocalSystem"),
        (
            {"services.IaasVmProvider.account": r"CORP\svc-backup", f"{PLUGIN}.status": None},
            "fail",
            "not as LocalSystem",
        ),
        ({"services.IaasVmProvider.account": r".\LocalSystem"}, "ok", ""),
        ({"services.IaasVmProvider.delete_flag": True}, "fail", "marked for deletion"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("edits", [{"services.IaasVmProvider.start": 4}, {"services.IaasVmProvider.start": 3}])
def test_fix(edits):
    found = verdict(ID, edited({**edits, f"{PLUGIN}.status": None}))
    assert fix_of(found) == ("win_backup_services", {"services": ["IaasVmProvider"]})


def test_an_executable_that_is_gone_comes_with_the_extension():
    found = verdict(ID, edited({"services.IaasVmProvider.image_exists": False}))
    assert "Remove-AzVMExtension" in advice_of(found)


@pytest.mark.parametrize("fact", ["services.IaasVmProvider"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
