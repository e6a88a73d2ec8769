# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""guest_firewall: the rule, its neighbours, what is advised, and missing facts."""

import pytest
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
