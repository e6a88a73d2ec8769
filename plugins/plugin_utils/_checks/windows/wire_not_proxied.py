# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic to the Azure host does not go through a proxy.

168.63.129.16 is the Azure host itself: no proxy can reach it for the guest. A proxy in the settings of WinHTTP or of
LocalSystem has to exempt the address. That is a risk as long as the agent works, and a failure where its log shows a
proxy's answers although the direct way is open. What a proxy script chooses shows only there.
"""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, ByHand, Check, Evidence, Fix, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from .._fabric import answer, wire_address
from .._pages import FABRIC_ADDRESS
from . import _agent_log, _proxies
from ._advice import SET_LOCAL_SYSTEM, SET_WINHTTP
from ._agents_report import last_worked
from ._needed import need
from ._pages import NETSH_WINHTTP, SET_IE_PROXY
from ._proxy_fix import winhttp_proxy

CHECK = Check(
    title="Traffic to the Azure host bypasses proxies",
    severity=CRITICAL,
    stage=Stage.STORAGE,
    needs=("proxy",),
    explains=("proxy_reachable",),
    remedies=("win_winhttp_proxy",),
    advice=f"Run {SET_WINHTTP} with the proxy that is set now.",
    sources=(FABRIC_ADDRESS, NETSH_WINHTTP, SET_IE_PROXY),
)

BY_A_PROXY = (
    r"\b(407|proxy authentication required)\b|proxy.*168\.63\.129\.16|168\.63\.129\.16.*proxy"
    # The probe reached the wire server: it is not the one that refuses, is unavailable or behind a bad gateway.
    r"|HttpStatusCode: (ServiceUnavailable|BadGateway|GatewayTimeout|ProxyAuthenticationRequired)"
    r"|remote server returned an error: \(50[234]\)|\bWebException: .{0,200}\(50[234]\)"
    r"|\bGetVersions\(\) failed\b.{0,200}\(403\)"
)
EXEMPT_FOR_LOCAL_SYSTEM = (
    f"Run {SET_LOCAL_SYSTEM} with the proxy that LocalSystem uses now. Where WinHTTP is named too, also run "
    f"{SET_WINHTTP}."
)
EXEMPT_IN_SCRIPT = (
    "Let the proxy script return DIRECT for 168.63.129.16 and 169.254.169.254, or remove it with 'bitsadmin /util "
    "/setieproxy LOCALSYSTEM NO_PROXY', then run 'Restart-Service RdAgent'."
)


def judge(state: WindowsState) -> Verdict:
    """Whether programs of the agent are told to send fabric traffic to a proxy, and whether that does harm."""
    address, places = wire_address(state), _proxies.places(state)
    found = [place for place in places if not place.settings.bypasses(address)]
    harm = _proxy_harm(state, []) if not found else []
    if harm:
        need(state, "proxy.system_account.AutoConfigURL")
    scripted = [place for place in places if place.settings.script]
    if harm and scripted:
        why = f"A proxy script sends requests for {address} to a proxy, and the agent fails because of it"
        return fail(why, *(place.evidence for place in scripted), *harm, fix=by_hand(EXEMPT_IN_SCRIPT))
    if not found:
        return ok(*(place.evidence for place in places))
    names = " and ".join("WinHTTP" if place.name == "winhttp" else "LocalSystem" for place in found)
    proxies = ", ".join(sorted({_proxies.text(place.settings.servers()) for place in found}))
    why = f"The proxy settings of {names} ({proxies}) do not exempt {address}"
    if any(place.name == "system_account" for place in found):
        fix: Fix | ByHand = by_hand(EXEMPT_FOR_LOCAL_SYSTEM)
    else:
        fix = winhttp_proxy(state, found[0].settings)
    evidence = [place.evidence for place in found]
    proof = _proxy_harm(state, [server for place in found for server in place.settings.servers()])
    if proof:
        return fail(f"{why}, and the agent fails because of it", *evidence, *proof, fix=fix)
    return warn(why, *evidence, fix=fix)


def _proxy_harm(state: WindowsState, servers: list[tuple[str, int]]) -> list[Evidence]:
    """The agent's own words that a proxy stands between it and the Azure host, while the direct way is open."""
    wire = answer(state, "wire_http")
    if wire is None or not wire.connected:
        return []
    named = [rf"{re.escape(host)}:{port}\b" for host, port in servers]
    return _agent_log.lines(state, "|".join((BY_A_PROXY, *named)), after=last_worked(state))
