# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import ITEM, VAULT, azure_state
from support import verdict

ID = "one_vault"


def state(other, **more):
    return azure_state(protection={"items": [ITEM, {**ITEM, "vault_id": other, **more}]})


def test_one():
    assert verdict(ID, azure_state()).status == "ok"
    assert verdict(ID, state(VAULT.upper())).status == "ok"


def test_two():
    assert verdict(ID, state(f"{VAULT}2")).status == "warn"
    assert verdict(ID, state(f"{VAULT}2", soft_deleted=True)).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"protection": "not asked"})).status == "unknown"
