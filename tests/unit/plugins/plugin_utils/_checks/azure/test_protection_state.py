# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import ITEM, azure_state
from support import verdict

ID = "protection_state"


def state(*words, **more):
    return azure_state(protection={"items": [{**ITEM, "protection_state": word, **more} for word in words]})


def test_protected():
    assert verdict(ID, state("Protected")).status == "ok"


@pytest.mark.parametrize("word", ["ProtectionStopped", "ProtectionPaused", "BackupsSuspended", "ProtectionError"])
def test_stopped(word):
    found = verdict(ID, state(word))
    assert found.status == "fail" and word in found.why


def test_stopped_in_one_vault_only():
    assert verdict(ID, state("ProtectionStopped", "Protected")).status == "ok"


def test_the_first_backup_is_still_to_come():
    assert verdict(ID, state("IRPending")).status == "ok"


def test_without_item():
    assert verdict(ID, state()).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"protection": "not asked"})).status == "unknown"


@pytest.mark.parametrize("word", [None, "Invalid", "OfTomorrow"])
def test_a_state_that_says_nothing(word):
    assert verdict(ID, state(word)).status == "unknown"
    assert verdict(ID, state(word, "Protected")).status == "ok"
