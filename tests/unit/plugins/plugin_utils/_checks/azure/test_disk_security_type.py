# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import DISK, ITEM, azure_state
from support import verdict

ID = "disk_security_type"
FAILED = {"items": [{**ITEM, "last_status": "Failed", "last_point": None}]}


def test_none():
    disks = [{**DISK, "security_type": "TrustedLaunch"}]
    assert verdict(ID, azure_state(disks=disks, protection=FAILED)).status == "ok"


def test_a_data_disk_with_a_type_of_its_own():
    disks = [{**DISK, "security_type": "TrustedLaunch"}, {**DISK, "role": "data", "security_type": "TrustedLaunch"}]
    assert verdict(ID, azure_state(disks=disks, protection=FAILED)).status == "fail"
    assert verdict(ID, azure_state(disks=disks)).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
