# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from ansible_collections.vmbackup.azure.plugins.plugin_utils._facts import of_azure
from azure_states import azure_state
from declared import undeclared


def test_the_healthy_machine_has_every_section_and_nothing_undeclared():
    state = _schema.accept(azure_state())
    assert state["missing"] == {}
    assert [path for name, section in of_azure().items() for path in undeclared(state[name], section, name)] == []


def test_what_has_another_form_is_missing():
    state = _schema.accept(azure_state(vm={"power": 1}, jobs="none"))
    assert state["missing"] == {"vm.power": "form", "jobs": "form"}
    assert "power" not in state["vm"] and state["vm"]["name"] == "web1"
