# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import pytest
from snapshot_states import snapshot, without
from support import fix_of, verdict


def handler(state="Enabled", status="Ready", code=0):
    return snapshot(
        extension={"installed.state": state, "installed.status.status": status, "installed.status.code": code}
    )


@pytest.mark.parametrize("code", [-1, 1000, 1007, 1008, 1009, 1011, 4711])
def test_the_agent_failed_with_it(code):
    assert verdict("handler_state", handler("Installed", "NotReady", code)).status == "fail"


def test_an_update_that_failed():
    assert verdict("handler_state", handler("FailedUpgrade", "NotReady", 1008)).status == "fail"


def test_unresponsive():
    found = verdict("handler_state", handler(status="Unresponsive"))
    assert (found.status, fix_of(found)) == ("fail", ("snapshot_extension", {}))


def test_ready_whatever_an_old_code_says():
    assert verdict("handler_state", handler(code=0)).status == "ok"


def test_on_the_way_to_enabled():
    assert verdict("handler_state", handler("Installed", "NotReady", 0)).status == "warn"


def test_enabled_by_an_agent_that_writes_no_status():
    assert verdict("handler_state", snapshot(extension={"installed.status": None})).status == "ok"


def test_the_exit_status_is_told():
    raw = handler("Installed", "NotReady", 1009)
    raw["extension"]["agent_log"] = {"exit_status": 126, "denied": True, "at": None, "read_from": "waagent.log"}
    assert "126" in verdict("handler_state", raw).why


def test_missing_facts():
    assert verdict("handler_state", without(snapshot(), "extension", "installed")).status == "unknown"


def test_a_record_that_does_not_fit():
    word = {"exit_status": None, "refused": "Downgrade not allowed", "denied": False, "read_from": "waagent.log"}
    failed = {"agent_log": word, "status.code": 2}
    assert verdict("handler_state", snapshot(extension=failed)).status == "fail"
    assert verdict("handler_state", snapshot(extension={"agent_log": word})).status == "ok"
