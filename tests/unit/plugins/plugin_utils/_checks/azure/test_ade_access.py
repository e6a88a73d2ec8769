# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import DISK, ITEM, azure_state
from support import verdict

ID = "ade_access"


FAILED = {"items": [{**ITEM, "last_status": "Failed"}]}


def ade(readable):
    return {"ade": {"vault_id": "/v", "vault_location": "westeurope", "vault_subscription": "s", "readable": readable}}


@pytest.mark.parametrize(("readable", "status"), [(True, "ok"), (False, "fail"), (None, "unknown")])
def test_who_may_read(readable, status):
    assert verdict(ID, azure_state(encryption=ade(readable), protection=FAILED)).status == status


def test_a_backup_that_succeeded_shows_that_it_may():
    assert verdict(ID, azure_state(encryption=ade(False))).status == "ok"


def test_without_ade():
    assert verdict(ID, azure_state()).status == "not_applicable"


def test_a_key_vault_that_was_not_asked():
    disks = [{**DISK, "encryption_key_url": "https://vault.example/secrets/one"}]
    assert verdict(ID, azure_state(disks=disks)).status == "unknown"


def test_missing():
    assert verdict(ID, azure_state(missing={"encryption.ade": "no permission"})).status == "unknown"
