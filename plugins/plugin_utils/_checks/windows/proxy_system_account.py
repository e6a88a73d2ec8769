# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WinINET proxy of LocalSystem, which the agent's .NET reads, does not contradict WinHTTP's."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from ..._engine._want import Proxy
from . import _proxies

CHECK = Check(
    aliases=("win_proxy_system_account",),
    title="The proxy of the LocalSystem account is as wanted",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("proxy.system_account", "proxy.machine", "proxy.winhttp"),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    source="Microsoft, preparing Azure VMs for backup (2017): proxy of the system account",
)


def judge(state: GuestState) -> Verdict:
    source, machine = _proxies.of_system_account(state), _proxies.of_winhttp(state)
    settings, wanted = source.settings, state.want.expect_proxy
    if wanted is False and settings.active:
        return warn(f"LocalSystem uses the proxy {settings.proxy}; none is wanted", source.evidence)
    servers = settings.servers("https")
    if settings.active and not servers:
        return warn("The proxy of LocalSystem is no host and port", source.evidence)
    if isinstance(wanted, Proxy) and settings.active and (wanted.host, wanted.port) not in servers:
        return warn(f"LocalSystem uses {_proxies.text(servers)}, not the wanted {wanted}", source.evidence)
    if settings.active and machine.settings.active and not set(servers) & set(machine.settings.servers()):
        return warn("LocalSystem and WinHTTP use different proxies", source.evidence, machine.evidence)
    if settings.script:
        return ok(source.evidence, why="LocalSystem follows a proxy script, whose choice cannot be told from here")
    return ok(source.evidence)
