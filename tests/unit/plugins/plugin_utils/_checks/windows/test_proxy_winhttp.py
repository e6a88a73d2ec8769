# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""proxy_winhttp: the rule, its neighbours, what fixes it, and missing facts."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy
from support import advice_of, fix_of, verdict
from windows_states import GONE, edited, winhttp_value

ID = "proxy_winhttp"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"proxy.winhttp": None}, "ok", ""),
        ({"proxy.winhttp": winhttp_value("10.0.0.5:3128", "168.63.129.16")}, "ok", ""),
        ({"proxy.winhttp": winhttp_value("10.0.0.5:3128", header=0x28)}, "ok", ""),
        ({"proxy.winhttp": winhttp_value("http://10.0.0.5:3128")}, "ok", ""),
        ({"proxy.winhttp": winhttp_value("http=http://10.0.0.5:3128;https=proxy.test:3128")}, "ok", ""),
        ({"proxy.winhttp": winhttp_value("http://10.0.0.5:3128/")}, "warn", "more than scheme"),
        ({"proxy.winhttp": winhttp_value("https=http://10.0.0.5:3128/proxy.pac")}, "warn", "more than scheme"),
        ({"proxy.winhttp": winhttp_value("http://ann:x@10.0.0.5:3128")}, "warn", "more than scheme"),
        ({"proxy.winhttp": winhttp_value("ann:x@10.0.0.5:3128")}, "warn", "more than scheme"),
        ({"proxy.winhttp": winhttp_value(":::")}, "warn", "not a host and port"),
        (
            {
                "proxy.winhttp": winhttp_value("10.0.0.5:3128", "168.63.129.16"),
                "proxy.winhttp_wow64": winhttp_value("10.0.0.6:3128"),
            },
            "warn",
            "32-bit",
        ),
        (
            {
                "proxy.winhttp": winhttp_value("10.0.0.5:3128", "168.63.129.16"),
                "proxy.winhttp_wow64": winhttp_value("10.0.0.5:3128", "168.63.129.16"),
            },
            "ok",
            "",
        ),
        ({"proxy.winhttp": {"type": "REG_BINARY", "value": "GAAA", "read_from": "x"}}, "ok", "damaged"),
        ({"proxy.winhttp": {"type": "REG_SZ", "value": "10.0.0.5:3128", "read_from": "x"}}, "ok", "damaged"),
        ({"proxy.winhttp": {"type": "REG_BINARY", "value": "no base64!", "read_from": "x"}}, "ok", "damaged"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize(
    ("wanted", "value", "parameters"),
    [
        (None, winhttp_value("http://10.0.0.5:3128/"), {}),
        (False, winhttp_value("10.0.0.5:3128"), {"state": "absent"}),
        (Proxy("10.0.0.5", 3128), None, {"proxy": "10.0.0.5:3128"}),
        (Proxy("fd00::5", 3128), winhttp_value(":::"), {"proxy": "[fd00::5]:3128"}),
        (Proxy("p", 1, ("<local>", "*.x")), None, {"proxy": "p:1", "bypass": ["<local>", "*.x"]}),
    ],
)
def test_fix(wanted, value, parameters):
    found = verdict(ID, edited({"proxy.winhttp": value}), expect_proxy=wanted)
    assert fix_of(found) == ("win_winhttp_proxy", parameters)


def test_a_proxy_that_cannot_be_read_needs_a_word_of_the_operator():
    found = verdict(ID, edited({"proxy.winhttp": winhttp_value(":::")}))
    assert "diagnose_expect_proxy" in advice_of(found)


@pytest.mark.parametrize("fact", ["proxy.winhttp"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why


@pytest.mark.parametrize(
    ("expect_proxy", "value", "status"),
    [
        (False, winhttp_value("10.0.0.5:3128"), "warn"),
        (False, None, "ok"),
        (Proxy("10.0.0.5", 3128), winhttp_value("10.0.0.5:3128"), "ok"),
        (Proxy("10.0.0.5", 3128), winhttp_value("http=10.0.0.9:80;https=10.0.0.5:3128"), "ok"),
        (Proxy("10.0.0.5", 3128), winhttp_value("10.0.0.6:3128"), "warn"),
        (Proxy("10.0.0.5", 3128), None, "warn"),
    ],
)
def test_wanted_proxy(expect_proxy, value, status):
    assert verdict(ID, edited({"proxy.winhttp": value}), expect_proxy=expect_proxy).status == status
