# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from azure_states import azure_state
from support import guest, verdict

ID = "agent_ready"


def test_ready():
    assert verdict(ID, azure_state()).status == "ok"


def test_not_ready():
    found = verdict(ID, azure_state(agent={"status": "Not Ready"}))
    assert found.status == "fail" and "Not Ready" in found.why


def test_no_status():
    assert verdict(ID, azure_state(agent={"status": ""})).status == "unknown"


def test_it_never_reported():
    assert verdict(ID, azure_state(agent=None)).status == "fail"


@pytest.mark.parametrize(("time", "status"), [("05:50:00.1234567Z", "ok"), ("05:30:00Z", "warn")])
def test_its_last_word(time, status):
    assert verdict(ID, azure_state(agent={"time": f"2026-03-02T{time}"})).status == status


@pytest.mark.parametrize("power", ["deallocated", "stopped", "starting"])
def test_a_machine_that_is_off_has_no_agent(power):
    assert verdict(ID, azure_state(agent=None, vm={"power": power})).status == "not_applicable"


def test_missing():
    assert verdict(ID, azure_state(missing={"agent": "not asked"})).status == "unknown"


def test_where_the_guest_was_asked_azure_need_not_be():
    result = _registry.diagnose(guest(), azure_state(missing={"agent": "not asked"}))
    assert {one["id"]: one["status"] for one in result["findings"]}[ID] == "not_applicable"
