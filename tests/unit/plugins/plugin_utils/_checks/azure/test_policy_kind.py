# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import DISK, ITEM, azure_state
from support import verdict

ID = "policy_kind"
FAILED = {"items": [{**ITEM, "last_status": "Failed", "last_point": None}]}


@pytest.mark.parametrize("change", [{"sku": "UltraSSD_LRS"}, {"sku": "PremiumV2_LRS"}, {"shares": 2}])
def test_disks_that_need_an_enhanced_policy(change):
    disks = [DISK, {**DISK, "role": "data", **change}]
    assert verdict(ID, azure_state(disks=disks, policy={"type": "V1"}, protection=FAILED)).status == "fail"
    assert verdict(ID, azure_state(disks=disks, policy={"type": "V2"}, protection=FAILED)).status == "ok"
    assert verdict(ID, azure_state(disks=disks, policy={"type": "V1"})).status == "ok"


def test_a_backup_says_nothing_of_a_disk_that_was_made_since():
    since, before = "2026-03-02T05:00:00Z", "2026-03-01T20:00:00Z"
    for created, status in ((since, "fail"), (before, "ok"), (None, "ok")):
        disks = [DISK, {**DISK, "role": "data", "sku": "UltraSSD_LRS", "created": created}]
        found = verdict(ID, azure_state(disks=disks, policy={"type": "V1"}))
        assert found.status == status
        assert (since in [evidence.value for evidence in found.evidence]) == (status == "fail")


def test_trusted_launch_needs_none():
    assert verdict(ID, azure_state(policy={"type": "V1"}, vm={"security_type": "TrustedLaunch"})).status == "ok"


def test_without_policy():
    assert verdict(ID, azure_state(policy=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"policy": "not asked"})).status == "unknown"
