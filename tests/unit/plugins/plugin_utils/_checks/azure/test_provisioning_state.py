# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import azure_state
from support import fix_of, verdict

ID = "provisioning_state"


@pytest.mark.parametrize(
    ("word", "status"), [("Succeeded", "ok"), ("Failed", "fail"), ("Deleting", "fail"), ("Updating", "warn")]
)
def test_each_state(word, status):
    assert verdict(ID, azure_state(vm={"provisioning_state": word})).status == status


def test_a_failed_model_is_applied_again_also_where_an_extension_is_the_cause():
    found = verdict(ID, azure_state(vm={"provisioning_state": "Failed", "id": "/vm"}))
    assert fix_of(found) == ("azure_vm_power", {"id": "/vm", "reapply": True}) and found.fix.own
    assert fix_of(verdict(ID, azure_state(vm={"provisioning_state": "Deleting"}))) is None


def test_missing():
    assert verdict(ID, azure_state(missing={"vm.provisioning_state": "not asked"})).status == "unknown"


@pytest.mark.parametrize(
    ("word", "status", "said"),
    [
        (None, "unknown", "does not say"),
        ("Migrating", "warn", "being changed"),
        ("Canceled", "warn", "The machine's provisioning state is Canceled"),
        ("OfTomorrow", "warn", "The machine's provisioning state is OfTomorrow"),
    ],
)
def test_a_state_that_says_nothing_or_is_new(word, status, said):
    found = verdict(ID, azure_state(vm={"provisioning_state": word}))
    assert found.status == status and said in found.why
