# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import GROUP, POINTS, SUBSCRIPTION, VM, azure_state
from support import verdict

ID = "machine_locks"


@pytest.mark.parametrize(
    ("scope", "level", "status"),
    [
        (VM, "ReadOnly", "fail"),
        (GROUP, "ReadOnly", "fail"),
        (SUBSCRIPTION, "ReadOnly", "fail"),
        (VM, "CanNotDelete", "ok"),
        (POINTS, "ReadOnly", "ok"),
        (f"{VM}0", "ReadOnly", "ok"),
    ],
)
def test_a_lock(scope, level, status):
    lock = {"id": f"{scope}/lock", "name": "keep", "level": level, "scope": scope}
    assert verdict(ID, azure_state(locks=[lock])).status == status


def test_missing():
    assert verdict(ID, azure_state(missing={"locks": "no permission"})).status == "unknown"


def test_a_lock_on_the_storage_account_of_a_disk():
    scope = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/disks1"
    for level, status in (("ReadOnly", "fail"), ("CanNotDelete", "ok")):
        lock = {"id": f"{scope}/lock", "name": "keep", "level": level, "scope": scope}
        found = verdict(ID, azure_state(locks=[lock]))
        assert found.status == status
    assert (
        "forbids changes of the storage account of its disks"
        in verdict(ID, azure_state(locks=[{**lock, "level": "ReadOnly"}])).why
    )
