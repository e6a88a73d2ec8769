# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""proxy_system_account: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited, winhttp_value

ID = "proxy_system_account"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"proxy.system_account.ProxyEnable": 1, "proxy.system_account.ProxyServer": "10.0.0.9:8080"}, "ok", ""),
        (
            {
                "proxy.system_account.ProxyEnable": 1,
                "proxy.system_account.ProxyServer": "10.0.0.9:8080",
                "proxy.winhttp": winhttp_value("10.0.0.5:3128"),
            },
            "warn",
            "different proxies",
        ),
        (
            {
                "proxy.system_account.ProxyEnable": 1,
                "proxy.system_account.ProxyServer": "10.0.0.9:8080",
                "proxy.winhttp": winhttp_value("10.0.0.9:8080"),
            },
            "ok",
            "",
        ),
        ({"proxy.system_account.ProxyEnable": 0, "proxy.system_account.ProxyServer": "10.0.0.9:8080"}, "ok", ""),
        (
            {"proxy.system_account.ProxyEnable": 1, "proxy.system_account.ProxyServer": "://"},
            "warn",
            "not a host and port",
        ),
        ({"proxy.system_account.AutoConfigURL": "http://pac/x.pac"}, "ok", "script"),
        (
            {
                "proxy.system_account.ProxyEnable": 1,
                "proxy.system_account.ProxyServer": "10.0.0.9:8080",
                "proxy.per_user": 0,
            },
            "ok",
            "",
        ),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["proxy.system_account", "proxy.machine"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
