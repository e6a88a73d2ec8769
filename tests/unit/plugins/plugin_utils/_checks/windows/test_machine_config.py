# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""machine_config: the rule, its neighbours, and missing facts."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _registry
from support import advice_of, verdict
from windows_states import GONE, edited

ID = "machine_config"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"dotnet.machine_config": None}, "fail", "does not exist"),
        ({"dotnet.machine_config.size": 0}, "fail", "empty"),
        ({"dotnet.machine_config.xml_error": "XmlException"}, "fail", "well-formed"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def own(xml_error):
    path = r"C:\WindowsAzure\GuestAgent_2.7\WindowsAzureGuestAgent.exe.config"
    return {
        "dotnet.agent_configs": [{"service": "WindowsAzureGuestAgent", "path": path, "xml_error": xml_error}],
    }


def test_a_configuration_of_the_agent():
    stopped = {"services.WindowsAzureGuestAgent.state": "Stopped"}
    assert verdict(ID, edited({**own(None), **stopped})).status == "ok"
    assert verdict(ID, edited(own("XmlException"))).status == "warn"
    found = verdict(ID, edited({**own("XmlException"), **stopped}))
    assert found.status == "fail" and "WindowsAzureGuestAgent" in found.why
    assert "exe.config" in advice_of(found)


def test_it_explains_a_service_that_does_not_run():
    raw = edited({**own("XmlException"), "services.WindowsAzureGuestAgent.state": "Stopped"})
    assert _registry.diagnose(raw, only=(ID, "guestagent_running"))["first_cause"] == ID


@pytest.mark.parametrize("fact", ["dotnet.machine_config"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
