# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _evaluate
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import Effect
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._state import AzureState, GuestState
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import catalogue
from azure_states import azure_state
from support import advice_of, fix_of, guest, verdict

ID = "power_state"


@pytest.mark.parametrize(
    ("power", "status", "effect"),
    [
        ("running", "ok", None),
        ("starting", "ok", None),
        ("deallocated", "ok", Effect.OFF),
        ("deallocating", "ok", Effect.OFF),
        ("stopped", "warn", Effect.OFF),
        ("stopping", "warn", Effect.OFF),
        (None, "unknown", None),
        ("unknown", "unknown", None),
    ],
)
def test_each_state(power, status, effect):
    found = verdict(ID, azure_state(vm={"power": power}))
    assert (found.status, found.effect) == (status, effect)


def test_a_machine_that_was_shut_down_inside_is_deallocated():
    found = verdict(ID, azure_state(vm={"power": "stopped", "id": "/vm"}))
    assert fix_of(found) == ("azure_vm_power", {"id": "/vm", "state": "deallocated"})
    assert fix_of(verdict(ID, azure_state(vm={"power": "stopping"}))) is None


def test_azure_and_a_guest_that_answers_do_not_agree():
    raw = azure_state(vm={"power": "stopped"})
    found = _evaluate.judge(catalogue("azure").checks[ID], AzureState(raw, None, GuestState(guest())))
    assert (found.status, found.effect, fix_of(found)) == ("warn", None, None)
    assert "its guest answers" in found.why and "Read Azure again" in advice_of(found)


@pytest.mark.parametrize(
    ("mode", "captured", "effect"),
    [("live", "2027-01-01T00:00:00Z", None), ("live", "2020-01-01T00:00:00Z", Effect.OFF), ("tree", None, Effect.OFF)],
)
def test_what_azure_said_before_the_guest_answered_is_old(mode, captured, effect):
    seen = GuestState({**guest(mode=mode), **({"captured": captured} if captured else {})})
    found = _evaluate.judge(
        catalogue("azure").checks[ID], AzureState(azure_state(vm={"power": "deallocated"}), None, seen)
    )
    assert found.effect == effect and ("answered since" in found.why) == (effect is None)


def test_missing():
    assert verdict(ID, azure_state(missing={"vm.power": "not asked"})).status == "unknown"
