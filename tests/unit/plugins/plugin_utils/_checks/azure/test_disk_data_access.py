# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import DISK, FAILED_JOB, ITEM, azure_state
from support import verdict

ID = "disk_data_access"
FAILED = {"items": [{**ITEM, "last_status": "Failed", "last_point": None}]}


def test_anybody_with_access():
    assert verdict(ID, azure_state()).status == "ok"


def test_callers_of_entra_only():
    raw = azure_state(disks=[{**DISK, "data_access": "AzureActiveDirectory"}], protection=FAILED)
    assert verdict(ID, raw).status == "fail"


def test_an_older_point_excuses_no_failure_since():
    """The setting may be younger than the point, and Azure Backup has no code that would name it."""
    disks = [{**DISK, "data_access": "AzureActiveDirectory"}]
    failed = {"items": [{**ITEM, "last_status": "Failed"}]}
    assert verdict(ID, azure_state(disks=disks, protection=failed, jobs=[FAILED_JOB])).status == "fail"
    assert verdict(ID, azure_state(disks=disks)).status == "ok"


def test_no_public_access_is_no_fault():
    closed = {**DISK, "network_access": "DenyAll", "public_access": "Disabled"}
    assert verdict(ID, azure_state(disks=[closed], protection=FAILED)).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
