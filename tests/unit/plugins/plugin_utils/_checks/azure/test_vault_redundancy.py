# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import DISK, FAILED_JOB, ITEM, azure_state
from support import verdict

ID = "vault_redundancy"
ULTRA = [DISK, {**DISK, "role": "data", "sku": "UltraSSD_LRS"}]
FAILED = {"items": [{**ITEM, "last_status": "Failed", "last_point": None}]}


def test_disks_of_before():
    assert verdict(ID, azure_state(protection=FAILED)).status == "ok"


def test_new_disks():
    assert verdict(ID, azure_state(disks=ULTRA, protection=FAILED)).status == "warn"
    assert verdict(ID, azure_state(disks=ULTRA, vault={"redundancy": "LocallyRedundant"})).status == "ok"


def test_only_a_job_proves_that_the_region_does_not_support_them():
    code = "UserErrorUltraDiskOrPremiumSSDV2DiskVMCannotBeProtectedOnGRSVault"
    jobs = [{**FAILED_JOB, "errors": [{**FAILED_JOB["errors"][0], "code": code}]}]
    assert verdict(ID, azure_state(disks=ULTRA, protection=FAILED, jobs=jobs)).status == "fail"


def test_a_region_that_supported_them_once():
    failed_since = {"items": [{**ITEM, "last_status": "Failed"}]}
    found = verdict(ID, azure_state(disks=ULTRA, protection=failed_since, jobs=[FAILED_JOB]))
    assert found.status == "warn" and "an earlier backup succeeded nevertheless" in found.why


def test_a_region_that_supports_them():
    found = verdict(ID, azure_state(disks=ULTRA))
    assert found.status == "ok" and "succeeded nevertheless" in found.why


def test_without_vault():
    assert verdict(ID, azure_state(vault=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"vault": "not asked"})).status == "unknown"


def test_a_vault_that_does_not_say():
    assert verdict(ID, azure_state(disks=ULTRA, vault={"redundancy": None})).status == "unknown"
    assert verdict(ID, azure_state(vault={"redundancy": None})).status == "ok"
    assert verdict(ID, azure_state(disks=ULTRA, vault={"redundancy": "ZoneRedundant"})).status == "ok"
