# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import ITEM, VM, azure_state
from support import verdict

ID = "item_machine"
FORMER = {**ITEM, "source_id": VM.replace("prod", "old")}


def test_its_own_item():
    assert verdict(ID, azure_state()).status == "ok"


def test_only_a_former_machine_is_protected():
    found = verdict(ID, azure_state(protection={"items": [], "former": [FORMER]}))
    assert found.status == "fail" and FORMER["source_id"] in [one.value for one in found.evidence]


def test_protected_anew():
    assert verdict(ID, azure_state(protection={"former": [FORMER]})).status == "ok"


def test_missing():
    assert verdict(ID, azure_state(missing={"protection.former": "not asked"})).status == "unknown"
