# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""guest_firewall: the rule, its neighbours, what is advised, and missing facts."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from support import advice_of, verdict
from windows_states import GONE, UNREACHED, edited

ID = "guest_firewall"
BLOCK = "v2.31|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RA4=168.63.129.16|Name=corp|"
ALLOW = "v2.31|Action=Allow|Active=TRUE|Dir=Out|RA4=168.63.129.16|Name=a|"
PUBLIC_CLOSED = {"firewall.profiles.PublicProfile.local": {"EnableFirewall": 1, "DefaultOutboundAction": 1}}
FILTERED = {**UNREACHED, "fabric.host_plugin.error_code": 10013}


def rules(*texts):
    return {"firewall.outbound_rules": [{"name": "n", "rule": text, "read_from": "FirewallRules"} for text in texts]}


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({**rules(BLOCK), **UNREACHED}, "fail", "by rule: corp"),
        (rules(BLOCK), "warn", "still reached: corp"),
        ({**rules(BLOCK), **UNREACHED, "services.MpsSvc.state": "Stopped"}, "ok", ""),
        ({**rules(BLOCK.replace("|Name", "|Profile=Domain|Name")), **UNREACHED}, "ok", ""),
        ({**PUBLIC_CLOSED, **UNREACHED}, "fail", "by default (PublicProfile)"),
        ({**PUBLIC_CLOSED, **UNREACHED, "firewall.active_profiles": GONE}, "warn", "by default"),
        ({**PUBLIC_CLOSED, **UNREACHED, **rules(ALLOW)}, "ok", ""),
        (PUBLIC_CLOSED, "ok", ""),
        (FILTERED, "fail", "filter"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


FOLDER = r"%SystemDrive%\WindowsAzure\GuestAgent_2.7.41491.1176_2026-10-02_081503"
FOR_PROGRAM = "v2.31|Action=Block|Active=TRUE|Dir=Out|App={}|Name=own|"
NOT_READY = {"agent.aggregate.status": "NotReady"}


@pytest.mark.parametrize(
    ("program", "ready", "not_ready"),
    [
        (rf"{FOLDER}\WaAppAgent.exe", "warn", "fail"),
        (rf"{FOLDER}\WAAPPAGENT.EXE".replace("%SystemDrive%", "C:"), "warn", "fail"),
        (
            r"C:\Packages\Plugins\Microsoft.Azure.RecoveryServices.VMSnapshot\1.0.95.0\x64\IaaSBcdrExtension.exe",
            "warn",
            "fail",
        ),
        (rf"{FOLDER.replace('1176', '1010')}\WaAppAgent.exe", "ok", "ok"),
        (r"D:\tools\WaAppAgent.exe", "ok", "ok"),
        (r"%SystemRoot%\System32\svchost.exe", "ok", "ok"),
    ],
)
def test_a_rule_for_a_program(program, ready, not_ready):
    edits = rules(FOR_PROGRAM.format(program))
    assert verdict(ID, edited(edits)).status == ready
    assert verdict(ID, edited({**edits, **NOT_READY})).status == not_ready


def test_an_agent_that_is_not_ready_follows_from_a_rule_for_it():
    edits = {**rules(FOR_PROGRAM.format(rf"{FOLDER}\WaAppAgent.exe")), **NOT_READY}
    assert diagnose(edited(edits))["first_cause"] == ID
    assert diagnose(edited({**rules(BLOCK), **NOT_READY}))["first_cause"] == "agent_status"


@pytest.mark.parametrize(
    ("edits", "what"),
    [({**PUBLIC_CLOSED, **UNREACHED}, "New-NetFirewallRule"), (FILTERED, "netsh wfp show")],
)
def test_what_to_do_where_no_rule_is_to_blame(edits, what):
    assert what in advice_of(verdict(ID, edited(edits)))


def test_the_names_of_rules_make_no_groups():
    first, second = (verdict(ID, edited({**rules(BLOCK.replace("corp", name)), **UNREACHED})) for name in "ab")
    assert first.why != second.why and first.key == second.key


def test_missing_fact():
    found = verdict(ID, edited({"firewall": GONE, **UNREACHED}))
    assert found.status == "unknown" and "firewall" in found.why
