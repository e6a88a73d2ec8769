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
        (
            {**rules(BLOCK), **UNREACHED, "firewall.active_profiles": [{"interface": 7, "category": None}]},
            "fail",
            "corp",
        ),
        (FILTERED, "fail", "filter"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


def kept(where, *texts):
    paths = {
        "local": r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess",
        "policy": r"HKLM\SOFTWARE\Policies\Microsoft",
    }
    return {"firewall.outbound_rules": [{"name": "n", "rule": text, "read_from": paths[where]} for text in texts]}


POLICY = "firewall.profiles.PublicProfile.policy"


@pytest.mark.parametrize(
    ("merge", "where", "blocked", "allowed"),
    [
        ({"AllowLocalPolicyMerge": 0}, "local", "ok", "fail"),
        ({"AllowLocalPolicyMerge": 0}, "policy", "fail", "ok"),
        ({"AllowLocalPolicyMerge": 1}, "local", "fail", "ok"),
        ({}, "local", "fail", "ok"),
    ],
)
def test_a_policy_can_keep_the_rules_of_the_machine_out(merge, where, blocked, allowed):
    assert verdict(ID, edited({POLICY: merge, **kept(where, BLOCK), **UNREACHED})).status == blocked
    closed = {POLICY: {**merge, "DefaultOutboundAction": 1}}
    assert verdict(ID, edited({**closed, **kept(where, ALLOW), **UNREACHED})).status == allowed


@pytest.mark.parametrize(
    ("narrowed", "status"),
    [
        ("IFType=Lan", "fail"),
        ("IFType=Wireless", "ok"),
        ("IFType=RemoteAccess|IFType=Lan", "fail"),
        ("IF={00000007-0000-0000-0000-4e6574446576}", "fail"),
        ("IF={1}|IF={00000007-0000-0000-0000-4E6574446576}", "fail"),
        ("IF={1}", "ok"),
    ],
)
def test_a_rule_for_some_adapters(narrowed, status):
    rule = BLOCK.replace("|Name", f"|{narrowed}|Name")
    assert verdict(ID, edited({**rules(rule), **UNREACHED})).status == status
    lost = {**rules(rule), **UNREACHED, "dhcp.primary": None}
    assert verdict(ID, edited(lost)).status == (status if "IF={" not in narrowed else "ok")


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("LPort=443", "ok"),
        ("LPort2_10=1-1024", "ok"),
        ("LPort2_10=50000-65535", "ok"),
        ("LPort2_10=1024-65535", "fail"),
        ("LPort=443|LPort2_10=49152-65535", "fail"),
        ("RA42=RmtIntrAnet", "ok"),
        ("RA42=IntErnet", "fail"),
        ("RA4=10.0.0.0/8|RA42=IntErnet", "fail"),
        ("RA6=fe80::/10|RA42=IntrAnet", "ok"),
    ],
)
def test_a_rule_for_own_ports_or_named_networks(part, status):
    rule = f"v2.31|Action=Block|Active=TRUE|Dir=Out|Protocol=6|{part}|Name=corp|"
    assert verdict(ID, edited({**rules(rule), **UNREACHED})).status == status
    closed = {**PUBLIC_CLOSED, **UNREACHED, **rules(rule.replace("Block", "Allow"))}
    assert verdict(ID, edited(closed)).status == {"ok": "fail", "fail": "ok"}[status]


def test_no_rule_is_in_force_where_the_firewall_is_off():
    off = {f"firewall.profiles.{name}Profile.local": {"EnableFirewall": 0} for name in ("Domain", "Standard", "Public")}
    assert verdict(ID, edited({**off, **rules(BLOCK), **UNREACHED})).status == "ok"


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
