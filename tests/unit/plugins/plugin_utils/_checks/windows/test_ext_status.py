# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ext_status: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from support import fix_of, verdict
from windows_states import GONE, PLUGIN, STATUS, agent_says, edited, failed_run

ID = "ext_status"
REPORTED = {
    "agent.aggregate.handlers.0.result": "error",
    "agent.aggregate.handlers.0.result_message": "VSS writers were in a bad state",
}
HANDLER = "extension.handler_state.0"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"extension.versions": [], "extension.handler_state": []}, "not_applicable", "first backup"),
        ({"extension.versions": []}, "fail", "not installed"),
        ({**failed_run("ExtensionFailedVssWriterInBadState: x")}, "fail", "last run of"),
        ({**failed_run("x: y"), f"{STATUS}.time": "0001-01-01T00:00:00Z"}, "fail", "last run of"),
        ({f"{STATUS}.status": "transitioning"}, "ok", ""),
        ({f"{STATUS}.status": "transitioning", f"{STATUS}.time": "2026-11-23T04:00:00Z"}, "warn", "never finished"),
        ({f"{STATUS}.status": "transitioning", f"{STATUS}.time": "2026-11-22T21:00:00Z"}, "ok", ""),
        ({f"{PLUGIN}.status": None, **REPORTED}, "fail", "VSS writers"),
        (REPORTED, "ok", ""),
        ({f"{PLUGIN}.status": None, **REPORTED, "agent.aggregate.handlers.0.version": "1.0.84.0"}, "ok", ""),
        ({f"{STATUS}.status": "transitioning", f"{STATUS}.time": "2026-11-20T00:00:00Z"}, "warn", "never finished"),
        ({f"{PLUGIN}.sequence": 3}, "warn", "not answered"),
        ({f"{STATUS}.error": "XmlException"}, "warn", "cannot be read"),
        ({"extension.handler_state.0.status": "NotReady"}, "fail", "NotReady"),
        ({"extension.handler_state.0.state": "Disabled"}, "warn", "registered as Disabled"),
        ({"extension.handler_state.0.state": "Uninstalled"}, "warn", "registered as Uninstalled"),
        ({"extension.handler_state.0.state": "Installed"}, "ok", ""),
        ({f"{HANDLER}.state": "Disabled", f"{HANDLER}.version": "1.0.84.0"}, "fail", "not installed"),
        (agent_says("NotReady"), "fail", "as NotReady: no manifest"),
        (agent_says("Unresponsive"), "fail", "as Unresponsive"),
        (agent_says("Installing"), "ok", ""),
        # What the extension did after the agent's report counts.
        ({**agent_says("NotReady"), f"{STATUS}.time": "2026-11-23T08:03:00Z"}, "ok", ""),
        ({**agent_says("NotReady"), "agent.aggregate.handlers.0.version": "1.0.84.0"}, "ok", ""),
        ({f"{PLUGIN}.heartbeat.status": "notready"}, "warn", "says not ready"),
        ({f"{PLUGIN}.status": None}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("edits", "what"),
    [
        ({"extension.versions": []}, "1.0.95.0"),
        ({"extension.handler_state.0.status": "NotReady"}, "1.0.95.0"),
        ({"extension.handler_state.0.state": "Disabled"}, "1.0.95.0"),
        (agent_says("NotReady"), "1.0.95.0"),
    ],
)
def test_fix(edits, what):
    assert fix_of(verdict(ID, edited(edits))) == ("win_snapshot_extension", {"version": what})


@pytest.mark.parametrize("fact", ["extension.versions", "extension.handler_state"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why


def test_hosts_with_one_error_form_one_group():
    first, second = (verdict(ID, edited(failed_run(f"ExtensionSnapshotFailedCOM: volume {n}"))) for n in (1, 2))
    assert first.key == second.key == "ExtensionSnapshotFailedCOM"


@pytest.mark.parametrize(
    ("time", "since"), [("2026-11-20T00:00:00Z", "2026-11-20T00:00:00Z"), (None, None), ("yesterday", None)]
)
def test_a_failure_says_when_it_was_recorded(time, since):
    assert verdict(ID, edited({**failed_run("ExtensionSnapshotFailedCOM: x"), f"{STATUS}.time": time})).since == since
