# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from azure_states import ITEM, azure_state
from support import verdict

ID = "extension_operations"


@pytest.mark.parametrize(
    ("allowed", "agent", "status"),
    [
        (True, True, "ok"),
        (None, None, "ok"),
        (False, True, "fail"),
        (False, None, "fail"),
        (None, False, "fail"),
        (True, False, "ok"),
    ],
)
def test_what_the_model_says(allowed, agent, status):
    vm = {"allow_extensions": allowed, "provision_agent": agent}
    assert verdict(ID, azure_state(vm=vm, agent={"status": "Not Ready"})).status == status


def test_an_agent_that_was_installed_later():
    vm = {"allow_extensions": None, "provision_agent": False}
    assert verdict(ID, azure_state(vm=vm)).status == "ok"
    failed = {"items": [{**ITEM, "last_status": "Failed"}], "former": []}
    assert verdict(ID, azure_state(vm=vm, protection=failed)).status == "fail"
    assert verdict(ID, azure_state(vm=vm, missing={"agent": "not asked"})).status == "fail"
    assert verdict(ID, azure_state(vm=vm, missing={"protection": "not asked"})).status == "fail"
    assert verdict(ID, azure_state(vm={"allow_extensions": False})).status == "fail"


def test_missing():
    assert verdict(ID, azure_state(missing={"vm.allow_extensions": "not asked"})).status == "unknown"
