# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import DISK, FAILED_JOB, ITEM, azure_state
from support import verdict

ID = "disk_count"
FAILED = {"items": [{**ITEM, "last_status": "Failed", "last_point": None}]}


def disks(count):
    return [DISK, *({**DISK, "role": "data", "name": f"data{number}"} for number in range(count))]


def test_few_enough():
    assert verdict(ID, azure_state(disks=disks(32), protection=FAILED)).status == "ok"


def test_too_many():
    assert verdict(ID, azure_state(disks=disks(33), protection=FAILED)).status == "fail"
    assert verdict(ID, azure_state(disks=disks(33))).status == "ok"


def test_an_earlier_backup_succeeded():
    failed = {"items": [{**ITEM, "last_status": "Failed"}]}
    assert verdict(ID, azure_state(disks=disks(33), protection=failed)).status == "warn"
    jobs = [{**FAILED_JOB, "errors": [{**FAILED_JOB["errors"][0], "code": "UserErrorBCMUnsupportedDiskCount"}]}]
    assert verdict(ID, azure_state(disks=disks(33), protection=failed, jobs=jobs)).status == "fail"


def test_whether_they_are_excluded_is_not_known():
    raw = azure_state(disks=disks(33), missing={"protection": "not asked"})
    assert verdict(ID, raw).status == "warn"


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
