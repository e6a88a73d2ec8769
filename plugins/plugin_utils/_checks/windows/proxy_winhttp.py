# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's WinHTTP proxy is right, or there is none."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from ..._engine._want import Proxy
from . import _proxies
from ._winhttp import has_scheme

CHECK = Check(
    aliases=("win_proxy_winhttp",),
    title="The WinHTTP proxy of the machine is as wanted",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("proxy.winhttp",),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    source="article, issue 1 method B; Microsoft, netsh winhttp",
)


def judge(state: GuestState) -> Verdict:
    source = _proxies.of_winhttp(state)
    settings, wanted = source.settings, state.want.expect_proxy
    if wanted is False and settings.active:
        return warn(f"WinHTTP uses the proxy {settings.proxy}; none is wanted", source.evidence)
    if isinstance(wanted, Proxy) and (wanted.host, wanted.port) not in settings.servers("https"):
        found = _proxies.text(settings.servers()) or "no proxy"
        return warn(f"WinHTTP uses {found}, not the wanted {wanted}", source.evidence)
    if settings.active and not settings.servers():
        return warn("The WinHTTP proxy is no host and port", source.evidence, key=f"no host and port: {settings.proxy}")
    if has_scheme(settings.proxy):
        return warn(
            "The WinHTTP proxy is written as a URL, which WinHTTP may take as a part of the name: write host:port",
            source.evidence,
        )
    if settings.active and "winhttp_wow64" in state.proxy and state.proxy.winhttp_wow64 is not None:
        other = _proxies.of_winhttp(state, "winhttp_wow64")
        if other.settings.proxy != settings.proxy:
            return warn(
                "32-bit and 64-bit programs are told different WinHTTP proxies", source.evidence, other.evidence
            )
    return ok(
        source.evidence, why=settings.problem and f"The setting is damaged and counts as direct: {settings.problem}"
    )
