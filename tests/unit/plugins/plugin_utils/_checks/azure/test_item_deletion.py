# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import ITEM, azure_state
from support import verdict

ID = "item_deletion"
DELETED = {**ITEM, "soft_deleted": True}


def test_nothing_is_deleted():
    assert verdict(ID, azure_state()).status == "ok"


def test_deleted():
    assert verdict(ID, azure_state(protection={"items": [DELETED]})).status == "fail"


def test_protected_elsewhere():
    assert verdict(ID, azure_state(protection={"items": [DELETED, ITEM]})).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"protection.items": "not asked"})).status == "unknown"
