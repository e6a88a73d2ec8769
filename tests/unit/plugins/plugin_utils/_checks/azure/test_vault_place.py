# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from azure_states import ITEM, azure_state
from support import verdict

ID = "vault_place"


def test_the_machines_region():
    assert verdict(ID, azure_state()).status == "ok"
    assert verdict(ID, azure_state(vault={"location": "West Europe"})).status == "ok"


def test_another_region():
    found = verdict(ID, azure_state(vault={"location": "northeurope"}))
    assert found.status == "fail" and "northeurope" in found.why


def test_another_subscription():
    failed = {"items": [{**ITEM, "last_status": "Failed"}], "former": []}
    assert verdict(ID, azure_state(vault={"subscription": "33333333"}, protection=failed)).status == "warn"
    unread = azure_state(vault={"subscription": "33333333"}, missing={"protection": "not asked"})
    assert verdict(ID, unread).status == "warn"


def test_a_backup_into_another_subscription_that_succeeded():
    assert verdict(ID, azure_state(vault={"subscription": "33333333"})).status == "ok"


def test_a_vault_closed_to_public_networks_is_no_fault():
    assert verdict(ID, azure_state(vault={"public_access": "Disabled"})).status == "ok"


def test_a_vault_that_cannot_be_read():
    assert verdict(ID, azure_state(vault={"location": ""})).status == "unknown"


def test_without_vault():
    assert verdict(ID, azure_state(vault=None)).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"vault": "not asked"})).status == "unknown"
