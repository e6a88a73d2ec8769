# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows' own forms: recovery actions, access lists, firewall rules, times."""

import datetime

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._checks.windows import (
    _firewall,
    _firewall_rules,
    _recovery,
    _sddl,
    _times,
)
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._state import GuestState
from windows_states import edited


@pytest.mark.parametrize(
    ("value", "actions"),
    [
        ("gFEBAAAAAAAAAAAAAwAAABQAAAABAAAAYOoAAAEAAABg6gAAAQAAAGDqAAA=", [("restart", 60000)] * 3),
        ("gFEBAAAAAAAAAAAAAAAAABQAAAA=", []),
        ("gFEBAAAAAAAAAAAA/////xQAAAABAAAAYOoAAA==", [("restart", 60000)]),
        ("gFEBAAAAAAAAAAAAAQAAAP////8BAAAAYOoAAA==", []),
        ("AAAA", []),
        ("no base64", []),
        (None, []),
    ],
)
def test_recovery_actions(value, actions):
    assert _recovery.recovery(value) == actions


@pytest.mark.parametrize(
    ("text", "accounts", "mask"),
    [
        ("O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)", ("WD",), 0x12019F),
        ("O:SYG:SYD:PAI(A;;0x12019f;;;WD)(A;;FA;;;BA)", ("SY", "BA"), 0x1F01FF),
        ("D:(A;;FA;;;S-1-5-18)", ("SY",), 0x1F01FF),
        ("D:(A;OICIIO;FA;;;SY)", ("SY",), 0),
        ("D:(D;;FW;;;SY)(A;;FA;;;SY)", ("SY",), 0x1F01FF & ~0x120116),
        ("D:(A;;CCDCLC;;;BA)", ("BA",), 7),
        ("D:(A;;GA;;;BA)S:(A;;FA;;;SY)", ("BA",), 0x1F01FF),
        ("D:NO_ACCESS_CONTROL", ("SY",), 0),
        ("O:SYG:SY", ("SY",), 0),
        ("D:(((;;;", ("SY",), 0),
    ],
)
def test_rights(text, accounts, mask):
    assert _sddl.rights(text, *accounts) == mask


WIRE = ("168.63.129.16", 80)


@pytest.mark.parametrize(
    ("fields", "meets"),
    [
        ("Protocol=6|RA4=168.63.129.16", True),
        ("RA4=168.63.129.16", True),
        ("Protocol=17|RA4=168.63.129.16", False),
        ("Protocol=6|RPort=80", True),
        ("Protocol=6|RPort=443", False),
        ("Protocol=6|RPort2_10=1-100", True),
        ("Protocol=6|RPort=443|RPort=80", True),
        ("RA4=168.63.0.0-168.63.255.255", True),
        ("RA4=168.63.0.0/255.255.0.0", True),
        ("RA4=168.63.0.0/16|RA4=10.0.0.0/8", True),
        ("RA4=10.0.0.0/8", False),
        ("RA4=Internet", True),
        ("RA4=LocalSubnet", False),
        ("RA6=fe80::1", False),
        ("", True),
        (r"App=C:\WindowsAzure\Packages\WaAppAgent.exe", True),
        ("Svc=RdAgent", True),
        ("Svc=wuauserv", False),
        ("RPort=x|RA4=y", False),
    ],
)
def test_what_a_rule_meets(fields, meets):
    rule = _firewall_rules.parse(f"v2.31|Action=Block|Active=TRUE|Dir=Out|{fields}|Name=n|")
    assert rule.meets(*WIRE) is meets


@pytest.mark.parametrize(
    "text",
    [
        "v2.31|Action=Block|Active=FALSE|Dir=Out|",
        "v2.31|Action=Block|Active=TRUE|Dir=In|",
        "v2.31|Action=Block|Active=TRUE|Dir=Out|AppPkgId=S-1-15-2-1|",
        "v2.31|Action=Block|Active=TRUE|Dir=Out|LUAuth=O:LSD:(A;;CC;;;S-1-5-21)|",
        "",
        "||||",
    ],
)
def test_what_is_no_rule_for_the_agent(text):
    assert _firewall_rules.parse(text) is None


def test_profiles_that_can_be_in_force():
    facts = {
        "firewall.active_profiles": [{"interface": 7, "category": 0}],
        "firewall.profiles.PublicProfile.local": {"EnableFirewall": 0, "DefaultOutboundAction": 0},
        "firewall.profiles.PublicProfile.policy": {"EnableFirewall": 1, "DefaultOutboundAction": 1},
    }
    assert _firewall.enforced_profiles(GuestState(edited(facts)).firewall) == {"PublicProfile": True}
    every = {"firewall.active_profiles": []}
    assert len(_firewall.enforced_profiles(GuestState(edited(every)).firewall)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T08:01:02Z",
        "2026-11-23 08:01:02Z",
        "2026-11-23T08:01:02.123456Z",
        "11/23/2026 08:01:02",
        "[00000005] [11/23/2026 08:01:02.020] [INFO]  x",
        "2026-11-23 08:01:02.100 [info] y",
    ],
)
def test_moments(text):
    assert _times.moment(text).replace(microsecond=0) == datetime.datetime(2026, 11, 23, 8, 1, 2)


@pytest.mark.parametrize("text", ["", None, "gestern", "99/99/2026 08:01:02", 7])
def test_what_is_no_moment(text):
    assert _times.moment(text) is None
