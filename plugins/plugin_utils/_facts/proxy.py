# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where proxies are configured, and the path each client takes. Passwords are masked."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, data, linux, mapping, one_of, record, records, text, texts, whole, windows

ENVIRONMENT = {
    "variables": records(
        "http_proxy, https_proxy, no_proxy and all_proxy in either case, in order.",
        name=text("Name."),
        value=text("Value."),
    ),
    "not_exempt": texts("Addresses of the Azure host that a common client of this environment would not exempt."),
}
PATH = {
    "via": one_of("The way.", "direct", "proxy"),
    "proxy": text("host:port of the proxy.", NULL),
    "reason": text("The rule of the client's code that decides."),
    "source": one_of("What decided: waagent.conf, the environment, or nothing.", "conf", "environment", NULL),
    "problem": text("Why a proxy that is written down is not used.", NULL),
}
REGISTRY = {"type": text("Its type, such as REG_SZ."), "value": data("Its data; binary data as base64.")}


INTERNET_SETTINGS = {
    "ProxyEnable": data("1: the proxy is used."),
    "ProxyServer": data("Proxy."),
    "ProxyOverride": data("Bypass list."),
    "AutoConfigURL": data("Script."),
    "DefaultConnectionSettings": record("A registry value.", NULL, **REGISTRY),
}

SECTION = record(
    __doc__,
    **linux(
        "Each client of Linux has rules of its own; those of Windows follow winhttp or system_account.",
        etc_environment=record("/etc/environment, which sign-ins read and services do not.", NULL, **ENVIRONMENT),
        service=record("What systemd's files give the agent's unit.", NULL, **ENVIRONMENT),
        process=record("What the running daemon has; null when none runs.", NULL, **ENVIRONMENT),
        no_proxy=records(
            "Entries of no_proxy in the agent's environment.",
            entry=text("Text."),
            kind=one_of("How the agent takes it; it matches no wildcard.", "wildcard", "network", "address", "suffix"),
        ),
        package_manager=record(
            "The package manager's path; null without a known one.",
            NULL,
            PEOPLE,
            manager=text("apt, dnf, yum or zypper."),
            proxy=text("Its proxy.", NULL),
        ),
        paths=record(
            "The path each client really takes to Azure Storage, or to the host plugin.",
            agent=record("The agent, to storage.", **PATH),
            host_plugin=record("The agent since 2.2.15, to the host plugin.", **PATH),
            host_plugin_before_2_2_15=record("The agent before 2.2.15, to the host plugin.", **PATH),
            snapshot_extension=record("The snapshot extension's Python code, to storage.", **PATH),
        ),
    ),
    **windows(
        "Linux has environments and waagent.conf.",
        winhttp=record("WinHTTP's settings; null for direct access.", NULL, **REGISTRY),
        winhttp_wow64=record("The same for 32-bit programs.", NULL, **REGISTRY),
        system_account=record("Internet settings of LocalSystem, which the agent runs as.", **INTERNET_SETTINGS),
        machine=record("Internet settings of the machine.", **INTERNET_SETTINGS),
        per_user=whole("ProxySettingsPerUser: 0 makes the machine's settings those of all.", NULL),
        environment=mapping("Proxy variables of the machine's environment.", text("Value.")),
    ),
)
