# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""identity: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "identity"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"identity.vm_id.value": "11111111-2222-4333-8444-555555555555"}, "warn", "another virtual machine"),
        ({"identity.vm_id.value": "7B1C2F0E-52C3-4D1A-9F0E-2A6A4F1D9C11"}, "ok", ""),
        ({"identity.vm_id.value": None}, "not_applicable", "no two ids"),
        ({"fabric.imds.instance": None}, "not_applicable", "no two ids"),
        ({"fabric.imds.instance.compute.vm_id": "11111111-2222-4333-8444-555555555555"}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["identity.vm_id", "fabric.imds", "fabric.imds.instance.compute"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
