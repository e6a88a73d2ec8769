# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""other_backup_products: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited, event, failed_run

ID = "other_backup_products"
FOREIGN = {"id": "{AB12}", "name": "StorageCraft Provider", "type": 2, "read_from": "x"}
FAILED = {"events.vss_errors": [event(12292, "{ab12}", "0x80040154")]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (
            {"backup.other_products": [{"name": "Veeam", "sign": "service VeeamDeploySvc", "state": "Running"}]},
            "ok",
            "Another",
        ),
        ({"backup.providers.0.name": "InMage VSS Provider"}, "ok", "Another product"),
        ({"backup.providers.0": FOREIGN, **FAILED, **failed_run("x: y")}, "fail", "StorageCraft"),
        ({"backup.providers.0": FOREIGN, **FAILED}, "ok", "Another product"),
        ({"backup.providers.0": FOREIGN, **failed_run("x: y")}, "ok", "Another product"),
        ({**FAILED, **failed_run("x: y")}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["backup.providers", "backup.other_products"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
