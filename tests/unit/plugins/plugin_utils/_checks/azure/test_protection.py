# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import ITEM, azure_state
from support import verdict

ID = "protection"


def test_an_item_protects_it():
    assert verdict(ID, azure_state()).status == "ok"


def test_nothing_protects_it():
    assert verdict(ID, azure_state(protection={"items": []})).status == "fail"
    assert verdict(ID, azure_state(protection={"items": [{**ITEM, "soft_deleted": True}]})).status == "fail"


def test_missing():
    assert verdict(ID, azure_state(missing={"protection": "not asked", "vault": "not asked"})).status == "unknown"


def test_a_vault_that_may_not_be_read_protects_it():
    assert verdict(ID, azure_state(missing={"protection": "not asked"})).status == "ok"
