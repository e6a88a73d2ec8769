# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import DISK, FAILED_JOB, ITEM, JOB, azure_state
from support import verdict

ID = "disk_sharing"
SHARED = [DISK, {**DISK, "role": "data", "shares": 2}]


def test_not_shared():
    assert verdict(ID, azure_state()).status == "ok"


def test_shared():
    failed = {"items": [{**ITEM, "last_status": "Failed", "last_point": None}]}
    assert verdict(ID, azure_state(disks=SHARED, protection=failed)).status == "fail"


def test_shared_and_excluded():
    assert verdict(ID, azure_state(disks=SHARED)).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"


def test_left_out_by_the_item():
    for names, status in ((["shared"], "ok"), (["other"], "fail"), ([], "fail")):
        item = {**ITEM, "last_status": "Failed", "last_point": None, "excluded_disks": names}
        disks = [DISK, {**DISK, "name": "shared", "role": "data", "shares": 2}]
        assert verdict(ID, azure_state(disks=disks, protection={"items": [item]})).status == status
        both = {"items": [item, {**ITEM, "last_status": "Failed", "last_point": None}]}
        assert verdict(ID, azure_state(disks=disks, protection=both)).status == "fail"


def test_what_the_last_backup_proved_outlives_the_start_of_the_next_one():
    refused = {**FAILED_JOB, "errors": [{**FAILED_JOB["errors"][0], "code": "UserErrorSharedDiskBackupNotSupported"}]}
    failed = {"items": [{**ITEM, "last_status": "Failed"}]}
    for before in ([], [{**JOB, "status": "InProgress"}], [{**JOB, "operation": "Restore"}]):
        raw = azure_state(disks=SHARED, protection=failed, jobs=[*before, refused])
        assert verdict(ID, raw).status == "fail"


def test_a_backup_with_warnings_took_it():
    warned = {"items": [{**ITEM, "last_status": "CompletedWithWarnings"}]}
    assert verdict(ID, azure_state(disks=SHARED, protection=warned)).status == "ok"


def test_a_backup_that_succeeded_counts_without_the_time_of_its_point():
    item = {**ITEM, "last_point": None}
    assert verdict(ID, azure_state(disks=SHARED, protection={"items": [item]})).status == "ok"
