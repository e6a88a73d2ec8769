# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The acceptance run for a real Windows works, here on a stand-in, and keeps a state of the documented form."""

from __future__ import annotations

import json
import time

import pytest
import stand_ins
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema
from declared import stated_by

pytestmark = pytest.mark.stage

NOT_THERE = ("agent.certificates", "dhcp.skip_as_source", "events.", "fabric.storage", "firewall.active_profiles")
NOT_THERE += ("identity.azure", "load.cpu", "security.code_integrity", "storage.bitlocker", "wmi.std_reg_prov")
"""Facts whose source the stand-ins lack: event log, certificate store, SMBIOS table, most CIM classes."""


@pytest.fixture(scope="module")
def run(stage, tmp_path_factory):
    """The guest's name, when the run began, what it printed, and where it kept what it read."""
    folder = tmp_path_factory.mktemp("acceptance")
    guest = stage.up({"healthy": "healthy"})["healthy"]
    started = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    done = stage.playbook(
        stand_ins.REPO / "tests/windows/acceptance.yml",
        acceptance_host=guest,
        acceptance_dir=str(folder),
        acceptance_lacks="|".join(NOT_THERE),
        acceptance_change=True,
        # One is enough to show that the run works; test_stage_fix.py has the rest.
        acceptance_fixes=["win_bcdragent"],
        acceptance_changes=["win_bcdragent"],
        diagnose_timeout=60,
    )
    stage.destroy()
    return guest, started, done, folder


def test_it_runs_to_its_end(run):
    guest, _started, done, folder = run
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((folder / "findings.json").read_text("utf-8"))["verdict"]


def test_the_state_is_of_the_documented_form(run):
    guest, started, done, folder = run
    state = json.loads((folder / "state.json").read_text("utf-8"))
    assert _schema.accept(state)["missing"] == state["missing"]
    assert [path for path, fact in stated_by(state) if fact is None] == []
    assert [fact for fact in state["missing"] if not fact.startswith(NOT_THERE)] == []
    assert state["agent"]["aggregate"]["modified"] >= started, "the status is as old as the cached template"
    assert state["identity"]["hostname"].lower() == guest
    assert state["services"]["RdAgent"]["state"] == "Running"
    assert state["proxy"]["winhttp"]["type"] == "REG_BINARY"
