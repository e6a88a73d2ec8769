# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows side of checks that exist on both systems."""

import pytest
from support import verdict
from windows_states import (
    GONE,
    STATUS,
    UNREACHED,
    agent_log,
    edited,
    event,
    failed_run,
    proxy_answer,
    winhttp_value,
)

BLOCK = "v2.31|Action=Block|Active=TRUE|Dir=Out|Protocol=6|RA4=168.63.129.16|Name=corp|"
PUBLIC_CLOSED = {"firewall.profiles.PublicProfile.local": {"EnableFirewall": 1, "DefaultOutboundAction": 1}}


def rules(*texts):
    return {"firewall.outbound_rules": [{"name": "n", "rule": text, "read_from": "FirewallRules"} for text in texts]}


@pytest.mark.parametrize(
    ("check", "edits", "status", "why"),
    [
        ("guest_firewall", {}, "ok", ""),
        ("guest_firewall", {**rules(BLOCK), **UNREACHED}, "fail", "rule of the Windows firewall"),
        ("guest_firewall", rules(BLOCK), "warn", "all the same"),
        ("guest_firewall", {**rules(BLOCK), **UNREACHED, "services.MpsSvc.state": "Stopped"}, "ok", ""),
        (
            "guest_firewall",
            {**rules(BLOCK.replace("|Name", "|Profile=Domain|Name")), **UNREACHED},
            "ok",
            "",
        ),
        ("guest_firewall", {**PUBLIC_CLOSED, **UNREACHED}, "fail", "by default"),
        (
            "guest_firewall",
            {**PUBLIC_CLOSED, **UNREACHED, "firewall.active_profiles": GONE},
            "warn",
            "by default",
        ),
        (
            "guest_firewall",
            {**PUBLIC_CLOSED, **UNREACHED, **rules("v2.31|Action=Allow|Active=TRUE|Dir=Out|RA4=168.63.129.16|Name=a|")},
            "ok",
            "",
        ),
        ("guest_firewall", PUBLIC_CLOSED, "ok", ""),
        ("guest_firewall", {**UNREACHED, "fabric.host_plugin.error_code": 10013}, "fail", "filter"),
        ("guest_firewall", {"firewall": GONE, **UNREACHED}, "unknown", "firewall"),
        ("wire_route", {}, "ok", ""),
        ("wire_route", {**UNREACHED, "fabric.route.error": "network is unreachable"}, "fail", "no route"),
        (
            "wire_route",
            {**UNREACHED, "fabric.persistent_routes": ["168.63.129.16,255.255.255.255,10.9.9.9,1"]},
            "fail",
            "a gateway that no adapter has",
        ),
        (
            "wire_route",
            {**UNREACHED, "fabric.persistent_routes": ["168.63.129.16,255.255.255.255,10.0.0.1,1"]},
            "ok",
            "",
        ),
        ("wire_route", {"fabric": {}}, "unknown", "fabric.route"),
        ("wire_not_proxied", {}, "ok", ""),
        ("wire_not_proxied", {"proxy.winhttp": winhttp_value("p:1")}, "warn", "WinHTTP (p:1)"),
        ("wire_not_proxied", {"proxy.winhttp": winhttp_value("p:1", "168.63.129.16")}, "ok", ""),
        (
            "wire_not_proxied",
            {"proxy.winhttp": winhttp_value("p:1"), **agent_log("[ERROR] x (HttpStatusCode: ServiceUnavailable)")},
            "fail",
            "the agent fails",
        ),
        (
            "wire_not_proxied",
            {"proxy.winhttp": winhttp_value("p:1"), **agent_log("[ERROR] no connection to p:1")},
            "fail",
            "the agent fails",
        ),
        (
            "wire_not_proxied",
            {"proxy.winhttp": winhttp_value("p:1"), **agent_log("[ERROR] no connection to p:12")},
            "warn",
            "do not exempt",
        ),
        (
            "wire_not_proxied",
            {"proxy.system_account.ProxyEnable": 1, "proxy.system_account.ProxyServer": "p:1"},
            "warn",
            "LocalSystem",
        ),
        (
            "wire_not_proxied",
            {"proxy.winhttp": winhttp_value("p:1"), **agent_log("[ERROR] (407) Proxy Authentication Required")},
            "fail",
            "the agent fails",
        ),
        (
            "wire_not_proxied",
            {
                "proxy.winhttp": winhttp_value("p:1"),
                **UNREACHED,
                **agent_log("[ERROR] (407) Proxy Authentication Required"),
            },
            "warn",
            "WinHTTP",
        ),
        ("proxy_reachable", {"fabric.proxies": [proxy_answer("p:1", error="timed out")]}, "warn", "timed out"),
        (
            "proxy_reachable",
            {
                "fabric.proxies": [proxy_answer("p:1", error="timed out")],
                **failed_run("ExtensionSnapshotFailedNoNetwork: x"),
            },
            "fail",
            "because of the network",
        ),
        (
            "proxy_reachable",
            {
                "fabric.proxies": [proxy_answer("p:1", 407)],
                "backup.bcdr_persistent": {"SnapshotMethod": {"type": "REG_SZ", "value": "firstGuestThenHost"}},
            },
            "fail",
            "firstGuestThenHost",
        ),
        (
            "proxy_reachable",
            {
                "fabric.proxies": [proxy_answer("p:1", error="timed out")],
                f"{STATUS}.status": "transitioning",
                f"{STATUS}.time": "2026-11-20T02:00:00Z",
            },
            "fail",
            "never came to its end",
        ),
        ("disk_iops", {}, "ok", ""),
        ("disk_iops", {"events.volume_timeouts": [event(8, "C:")]}, "ok", "Earlier"),
        ("disk_iops", {"events.volume_timeouts": [event(8, "C:")], **failed_run("x: y")}, "fail", "held writes"),
        ("disk_iops", {"events.vss_errors": [event(12289, "0x80042314")], **failed_run("x: y")}, "fail", "held writes"),
        ("disk_iops", {"events.vss_errors": [event(8193, "0x80070005")], **failed_run("x: y")}, "ok", ""),
        ("cpu_load", {"load.cpu.percent": 97.0}, "warn", "90"),
        ("cpu_load", {"load.cpu.percent": 40.0}, "ok", ""),
        ("cpu_load", {"load.cpu": GONE}, "unknown", "load.cpu"),
        ("memory_use", {"load.memory.used_percent": 95.0}, "warn", "90"),
        ("memory_use", {}, "ok", ""),
        ("clock_skew", {}, "ok", ""),
        ("clock_skew", {"fabric.wire_http.clock_offset_s": 9000.0}, "warn", "ahead"),
        ("wire_http_80", UNREACHED, "fail", "timed out"),
        ("hostga_tcp_32526", UNREACHED, "fail", ""),
        ("imds_80", {}, "ok", ""),
        ("storage_https_443", {}, "not_applicable", ""),
    ],
)
def test_rule(check, edits, status, why):
    found = verdict(check, edited(edits))
    assert (found.status, why in found.why) == (status, True), found
