# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""os_supported: the rule, its neighbours, and missing facts."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from support import verdict
from windows_states import GONE, edited

ID = "os_supported"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"identity.os.build": 9600}, "ok", "2016"),
        ({"identity.os.build": 6003}, "warn", "older"),
        ({"identity.os.build": 6003, "services.RdAgent.state": "Stopped"}, "fail", "older"),
        ({"identity.os.build": 7600, "agent.aggregate.status": "NotReady"}, "fail", "older"),
        ({"identity.bits64": False}, "fail", "64-bit"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["identity.os"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why


def test_an_agent_that_does_not_run_follows_from_it():
    stopped = {f"services.{name}.state": "Stopped" for name in ("RdAgent", "WindowsAzureGuestAgent")}
    assert diagnose(edited({"identity.os.build": 6003, **stopped}))["first_cause"] == ID
    assert diagnose(edited(stopped))["first_cause"] == "rdagent_running"
    not_ready = {"agent.aggregate.status": "NotReady"}
    assert diagnose(edited({"identity.os.build": 6003, **not_ready}))["first_cause"] == ID
    assert diagnose(edited(not_ready))["first_cause"] == "agent_status"
