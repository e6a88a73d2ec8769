# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""proxy_ie_machine_user: the rule, its neighbours, and missing facts."""

import pytest
from support import verdict
from windows_states import GONE, edited

ID = "proxy_ie_machine_user"


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        ({"proxy.machine.ProxyEnable": 1, "proxy.machine.ProxyServer": "a:1"}, "ok", "no account"),
        ({"proxy.machine.ProxyServer": "a:1", "proxy.per_user": 0}, "ok", "policy"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("fact", ["proxy.machine"])
def test_missing_fact(fact):
    found = verdict(ID, edited({fact: GONE}))
    assert found.status == "unknown" and fact in found.why
