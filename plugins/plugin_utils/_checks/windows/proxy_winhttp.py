# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine's WinHTTP proxy is the wanted one, in a form that WinHTTP understands.

Services that use WinHTTP, the snapshot extension among them, follow the machine's proxy of 'netsh winhttp'. It takes
host:port, with a scheme or without, and nothing more, such as a path or a user name. 64-bit and 32-bit programs have a
setting each. A damaged setting counts as no proxy, as it does for Windows.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, ok, warn
from ..._engine._want import Proxy
from ..._facts._types import WindowsState
from .._pages import TROUBLESHOOT_AGENT
from . import _proxies
from ._advice import SET_WINHTTP
from ._pages import NETSH_WINHTTP
from ._proxy_fix import winhttp_proxy
from ._proxy_text import has_rest

CHECK = Check(
    aliases=("win_proxy_winhttp",),
    title="The machine's WinHTTP proxy is as wanted",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("proxy.winhttp",),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    remedies=("win_winhttp_proxy",),
    advice=f"Run {SET_WINHTTP}, or 'netsh winhttp reset proxy' for none.",
    sources=(NETSH_WINHTTP, TROUBLESHOOT_AGENT),
)


def judge(state: WindowsState) -> Verdict:
    place = _proxies.of_winhttp(state)
    settings, wanted = place.settings, state.want.expect_proxy
    fix = winhttp_proxy(state, settings)
    if wanted is False and settings.active:
        why = f"WinHTTP uses the proxy {settings.proxy}; diagnose_expect_proxy wants none"
        return warn(why, place.evidence, fix=fix)
    if isinstance(wanted, Proxy) and (wanted.host, wanted.port) not in settings.servers("https"):
        found = _proxies.text(settings.servers())
        why = f"WinHTTP uses {f'the proxy {found}' if found else 'no proxy'}; diagnose_expect_proxy is {wanted}"
        return warn(why, place.evidence, fix=fix)
    if settings.active and not settings.servers():
        why = "The WinHTTP proxy is not a host and port"
        return warn(why, place.evidence, key=f"no host and port: {settings.proxy}", fix=fix)
    if has_rest(settings.proxy):
        why = "The WinHTTP proxy has more than scheme, host and port"
        return warn(why, place.evidence, fix=fix)
    if settings.active and "winhttp_wow64" in state.proxy and state.proxy.winhttp_wow64 is not None:
        other = _proxies.of_winhttp(state, "winhttp_wow64")
        if other.settings.proxy != settings.proxy:
            why = "WinHTTP uses different proxies for 64-bit and 32-bit programs"
            return warn(why, place.evidence, other.evidence, fix=fix)
    return ok(
        place.evidence, why=settings.problem and f"The setting is damaged and counts as no proxy: {settings.problem}"
    )
