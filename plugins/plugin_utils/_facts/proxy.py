# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where proxies are configured, and the path each client takes. Passwords are masked."""

from __future__ import annotations

from ._kinds import NULL, Fact, data, linux, mapping, one_of, record, records, text, texts, whole, windows


def environment(about: str) -> Fact:
    return record(
        about,
        NULL,
        variables=records(
            "http_proxy, https_proxy, no_proxy and all_proxy in either case, in order.",
            name=text("Name."),
            value=text("Value."),
        ),
        not_exempt=texts("Addresses of the fabric that a common client of this environment would not exempt."),
    )


def path(about: str) -> Fact:
    return record(
        about,
        via=one_of("The way.", "direct", "proxy"),
        proxy=text("host:port of the proxy.", NULL),
        reason=text("The rule of the client's code that decides."),
        source=one_of("What decided: waagent.conf, the environment, or nothing.", "conf", "environment", NULL),
        problem=text("Why a proxy that is written down is not used.", NULL),
    )


REGISTRY = {"type": text("Its type, such as REG_SZ."), "value": data("Its data; binary data as base64.")}


def internet_settings(about: str) -> Fact:
    return record(
        about,
        ProxyEnable=data("1: the proxy is used."),
        ProxyServer=data("Proxy."),
        ProxyOverride=data("Bypass list."),
        AutoConfigURL=data("Script."),
        DefaultConnectionSettings=record("A registry value.", NULL, **REGISTRY),
    )


SECTION = record(
    __doc__,
    **linux(
        "Each client of Linux has rules of its own; those of Windows follow winhttp or system_account.",
        etc_environment=environment("/etc/environment, which log-ins read and services do not."),
        service=environment("What systemd's files give the agent's unit."),
        process=environment("What the running daemon has; null when none runs."),
        no_proxy=records(
            "Entries of no_proxy in the agent's environment.",
            entry=text("Text."),
            kind=one_of("How the agent takes it; it matches no wildcard.", "wildcard", "network", "address", "suffix"),
        ),
        package_manager=record(
            "The package manager's path; null without a known one.",
            NULL,
            manager=text("apt, dnf, yum or zypper."),
            proxy=text("Its proxy.", NULL),
        ),
        paths=record(
            "The path each client really takes to Azure Storage, or to the host plugin.",
            agent=path("The agent, to storage."),
            host_plugin=path("The agent since 2.2.15, to the host plugin."),
            host_plugin_before_2_2_15=path("The agent before 2.2.15, to the host plugin."),
            snapshot_extension=path("The snapshot extension's Python code, to storage."),
        ),
    ),
    **windows(
        "Linux has environments and waagent.conf.",
        winhttp=record("WinHTTP's settings; null for direct access.", NULL, **REGISTRY),
        winhttp_wow64=record("The same for 32-bit programs.", NULL, **REGISTRY),
        system_account=internet_settings("Internet settings of LocalSystem, which the agent runs as."),
        machine=internet_settings("Internet settings of the machine."),
        per_user=whole("ProxySettingsPerUser: 0 makes the machine's settings those of all.", NULL),
        environment=mapping("Proxy variables of the machine's environment.", text("Value.")),
    ),
)
