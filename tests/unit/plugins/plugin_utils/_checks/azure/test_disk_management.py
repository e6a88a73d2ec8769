# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import DISK, azure_state
from support import verdict

ID = "disk_management"


def test_managed():
    assert verdict(ID, azure_state()).status == "ok"


def test_in_a_storage_account():
    assert verdict(ID, azure_state(disks=[{**DISK, "id": None, "unmanaged": True}])).status == "warn"


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
