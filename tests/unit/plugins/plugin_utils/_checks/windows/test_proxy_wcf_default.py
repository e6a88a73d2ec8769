# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""proxy_wcf_default: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "proxy_wcf_default"
FACT = "dotnet.machine_config.default_proxy"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (
            {FACT: '<defaultProxy><proxy proxyaddress="http://p:1" /></defaultProxy>'},
            "warn",
            "http://p:1",
        ),
        (
            {
                FACT: '<defaultProxy><proxy proxyaddress="http://p:1" />'
                "<bypasslist>168.63.129.16</bypasslist></defaultProxy>"
            },
            "ok",
            "",
        ),
        (
            {FACT: '<defaultProxy enabled="false"><proxy proxyaddress="http://p:1"/></defaultProxy>'},
            "ok",
            "",
        ),
        ({"dotnet.machine_config": None}, "ok", ""),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["dotnet.machine_config"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
