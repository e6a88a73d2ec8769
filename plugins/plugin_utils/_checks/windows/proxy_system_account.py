# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy of the account LocalSystem fits WinHTTP's and the wanted one.

The agent and the snapshot extension run as LocalSystem, and .NET takes its default proxy from the Internet settings
(WinINET) of the account, not from WinHTTP. A proxy there that is unknown to the operator, or that differs from
WinHTTP's, makes one half of the traffic fail. A proxy script decides per request; what it chooses cannot be determined
from its address.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._want import Proxy
from ..._facts._types import WindowsState
from . import _proxies
from ._advice import SET_LOCAL_SYSTEM
from ._pages import DEFAULT_PROXY, NETSH_WINHTTP, SET_IE_PROXY

CHECK = Check(
    aliases=("win_proxy_system_account",),
    title="The proxy of the LocalSystem account is as wanted",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("proxy.system_account", "proxy.machine", "proxy.winhttp"),
    error_codes=(
        "ExtensionSnapshotFailedNoNetwork",
        "ExtensionFailedTimeoutDelayInNetwork",
    ),
    advice=f"Run {SET_LOCAL_SYSTEM}, or 'bitsadmin /util /setieproxy LOCALSYSTEM NO_PROXY' for none.",
    sources=(SET_IE_PROXY, DEFAULT_PROXY, NETSH_WINHTTP),
)


def judge(state: WindowsState) -> Verdict:
    place, machine = _proxies.of_system_account(state), _proxies.of_winhttp(state)
    settings, wanted = place.settings, state.want.expect_proxy
    if wanted is False and settings.active:
        return warn(f"LocalSystem uses the proxy {settings.proxy}; diagnose_expect_proxy wants none", place.evidence)
    servers = settings.servers("https")
    if settings.active and not servers:
        return warn("The proxy of LocalSystem is not a host and port", place.evidence)
    if isinstance(wanted, Proxy) and settings.active and (wanted.host, wanted.port) not in servers:
        return warn(
            f"LocalSystem uses the proxy {_proxies.text(servers)}; diagnose_expect_proxy is {wanted}", place.evidence
        )
    if settings.active and machine.settings.active and not set(servers) & set(machine.settings.servers()):
        return warn("LocalSystem and WinHTTP use different proxies", place.evidence, machine.evidence)
    if settings.script:
        why = "LocalSystem follows a proxy script; which proxy it chooses cannot be determined"
        return ok(place.evidence, why=why)
    return ok(place.evidence)
