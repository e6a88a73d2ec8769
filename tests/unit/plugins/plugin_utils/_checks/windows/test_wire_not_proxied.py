# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""wire_not_proxied: the rule, its neighbours, the fix, and missing facts."""

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._want import Proxy
from support import advice_of, fix_of, verdict
from windows_states import GONE, UNREACHED, agent_log, edited, winhttp_value

ID = "wire_not_proxied"
PROXIED = {"proxy.winhttp": winhttp_value("p:1")}
LOCAL_SYSTEM = {"proxy.system_account.ProxyEnable": 1, "proxy.system_account.ProxyServer": "p:1"}
SCRIPT = {"proxy.system_account.AutoConfigURL": "http://wpad/wpad.dat"}
BUSY = "[ERROR] The remote server returned an error: (503) Server Unavailable."
ASKED = agent_log("[ERROR] (407) Proxy Authentication Required")


@pytest.mark.parametrize(
    ("edits", "status", "why"),
    [
        ({}, "ok", ""),
        (PROXIED, "warn", "WinHTTP (p:1)"),
        ({"proxy.winhttp": winhttp_value("p:1", "168.63.129.16")}, "ok", ""),
        ({**PROXIED, **agent_log("[ERROR] x (HttpStatusCode: ServiceUnavailable)")}, "fail", "the agent fails"),
        ({**PROXIED, **agent_log("[ERROR] no connection to p:1")}, "fail", "the agent fails"),
        ({**PROXIED, **agent_log("[ERROR] no connection to p:12")}, "warn", "do not exempt"),
        ({**PROXIED, **agent_log(f"[1] [11/23/2026 08:03:01.1] {BUSY}")}, "fail", "the agent fails"),
        ({**PROXIED, **agent_log(f"[1] [11/23/2026 08:00:01.1] {BUSY}")}, "warn", "do not exempt"),
        (LOCAL_SYSTEM, "warn", "LocalSystem"),
        ({**PROXIED, **ASKED}, "fail", "the agent fails"),
        (
            {**PROXIED, **agent_log("[ERROR] GetVersions() failed with exception: x (403) x")},
            "fail",
            "the agent fails",
        ),
        (
            {**PROXIED, **agent_log("[ERROR] x: System.Net.WebException: Le serveur a retourné une erreur : (504) x.")},
            "fail",
            "the agent fails",
        ),
        ({**PROXIED, **agent_log("[ERROR] Download of https://x failed: (403) Forbidden.")}, "warn", "do not exempt"),
        (agent_log("[ERROR] GetVersions() failed with exception: x (403) x"), "ok", ""),
        ({**PROXIED, **UNREACHED, **ASKED}, "warn", "WinHTTP"),
        ({**SCRIPT, **ASKED}, "fail", "proxy script"),
        ({**SCRIPT, **UNREACHED, **ASKED}, "ok", ""),
        (SCRIPT, "ok", ""),
        (ASKED, "ok", ""),
        ({"proxy.system_account.AutoConfigURL": GONE, **ASKED}, "unknown", "AutoConfigURL"),
    ],
)
def test_rule(edits, status, why):
    found = verdict(ID, edited(edits))
    assert (found.status, why in found.why) == (status, True), found


@pytest.mark.parametrize("proof", [{}, ASKED])
@pytest.mark.parametrize(
    ("wanted", "parameters"),
    [(None, {}), (False, {"state": "absent"}), (Proxy("10.0.0.5", 3128), {"proxy": "10.0.0.5:3128"})],
)
def test_fix(wanted, parameters, proof):
    found = verdict(ID, edited({**PROXIED, **proof}), expect_proxy=wanted)
    assert fix_of(found) == ("win_winhttp_proxy", parameters)


@pytest.mark.parametrize("edits", [LOCAL_SYSTEM, {**LOCAL_SYSTEM, **PROXIED}])
def test_no_remedy_changes_the_proxy_of_local_system(edits):
    assert "setieproxy LOCALSYSTEM" in advice_of(verdict(ID, edited(edits)))


def test_missing_fact():
    assert verdict(ID, edited({"proxy": GONE})).status == "unknown"
