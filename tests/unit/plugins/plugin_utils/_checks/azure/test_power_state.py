# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import Effect
from azure_states import azure_state
from support import verdict

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
    ],
)
def test_each_state(power, status, effect):
    found = verdict(ID, azure_state(vm={"power": power}))
    assert (found.status, found.effect) == (status, effect)


def test_missing():
    assert verdict(ID, azure_state(missing={"vm.power": "not asked"})).status == "unknown"
