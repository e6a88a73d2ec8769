# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import DISK, ITEM, azure_state
from support import verdict

ID = "disk_size"
FAILED = {"items": [{**ITEM, "last_status": "Failed", "last_point": None}]}


def state(*sizes, protection=None):
    return azure_state(disks=[{**DISK, "size_gb": size} for size in sizes], protection=protection or FAILED)


def test_sizes_of_today():
    assert verdict(ID, state(64, 32768, 65536)).status == "ok"


def test_too_large():
    assert verdict(ID, state(64, 65537)).status == "fail"
    assert verdict(ID, state(*[65536] * 9)).status == "fail"
    assert verdict(ID, state(64, 65537, protection={"items": [ITEM]})).status == "ok"


def test_unknown_size():
    assert verdict(ID, state(64, None)).status == "unknown"


def test_missing():
    assert verdict(ID, azure_state(missing={"disks": "not asked"})).status == "unknown"
