# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import GROUP, azure_state
from support import verdict

ID = "disk_keys"
KEY = {"found": True, "enabled": True, "expires": None}
SET = {
    "id": f"{GROUP}/providers/Microsoft.Compute/diskEncryptionSets/set",
    "provisioning_state": "Succeeded",
    "rotation_error": None,
    "key_url": "https://vault.example/keys/key",
    "key": KEY,
}


def state(**change):
    return azure_state(encryption={"sets": [{**SET, **change}]})


def test_no_keys_of_ones_own():
    assert verdict(ID, azure_state()).status == "ok"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, "ok"),
        ({"key": None}, "ok"),
        ({"key": {**KEY, "expires": "2020-01-01T00:00:00Z"}}, "ok"),
        ({"key": {**KEY, "enabled": False}}, "fail"),
        ({"key": {"found": False, "enabled": None, "expires": None}}, "fail"),
        ({"rotation_error": "KeyVaultAccessForbidden"}, "fail"),
        ({"provisioning_state": "Failed"}, "fail"),
    ],
)
def test_a_set(change, status):
    assert verdict(ID, state(**change)).status == status


def test_missing():
    assert verdict(ID, azure_state(missing={"encryption.sets": "no permission"})).status == "unknown"
