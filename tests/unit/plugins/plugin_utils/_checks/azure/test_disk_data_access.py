# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import DISK, ITEM, azure_state
from support import verdict

ID = "disk_data_access"
FAILED = {"items": [{**ITEM, "last_status": "Failed", "last_point": None}]}


def test_anybody_with_access():
    assert verdict(ID, azure_state()).status == "ok"


def test_callers_of_entra_only():
    raw = azure_state(disks=[{**DISK, "data_access": "AzureActiveDirectory"}], protection=FAILED)
    assert verdict(ID, raw).status == "fail"


def test_no_public_access_is_no_fault():
    closed = {**DISK, "network_access": "DenyAll", "public_access": "Disabled"}
    assert verdict(ID, azure_state(disks=[closed], protection=FAILED)).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
