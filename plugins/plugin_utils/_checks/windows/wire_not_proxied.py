# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic to the fabric does not go through a proxy."""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from .._fabric import wire_address
from . import _proxies, _signs

CHECK = Check(
    title="Traffic to the fabric goes around proxies",
    severity=CRITICAL,
    stage=Stage.STORAGE,
    needs=("proxy",),
    source="WALinuxAgent issues 769 and 800; azure-docs: 168.63.129.16 must not be proxied",
)

BY_A_PROXY = (
    r"\b(407|proxy authentication required)\b|proxy.*168\.63\.129\.16|168\.63\.129\.16.*proxy"
    # The probe reached the wire server: it is not the one that is unavailable or behind a bad gateway.
    r"|HttpStatusCode: (ServiceUnavailable|BadGateway|GatewayTimeout|ProxyAuthenticationRequired)"
    r"|remote server returned an error: \(50[234]\)"
)


def judge(state: GuestState) -> Verdict:
    """Whether programs of the agent are told to send fabric traffic to a proxy, and whether that does harm."""
    address = wire_address(state)
    found = [source for source in _proxies.sources(state) if not source.settings.bypasses(address)]
    if not found:
        return ok(*(source.evidence for source in _proxies.sources(state)))
    places = " and ".join("WinHTTP" if source.place == "winhttp" else "LocalSystem" for source in found)
    named = ", ".join(sorted({_proxies.text(source.settings.servers()) for source in found}))
    why = f"The proxy settings of {places} ({named}) do not exempt {address}"
    proof = _proxy_harm(state, [server for source in found for server in source.settings.servers()])
    if proof:
        return fail(f"{why}, and the agent fails", *(source.evidence for source in found), *proof)
    return warn(why, *(source.evidence for source in found))


def _proxy_harm(state: GuestState, servers: list[tuple[str, int]]) -> list[Evidence]:
    """The agent's own words that a proxy stands between it and the fabric, while the direct way is open."""
    agent, fabric = state.get("agent"), state.get("fabric")
    wire = fabric.get("wire_http") if fabric else None
    if agent is None or wire is None or not wire.connected:
        return []
    named = [rf"{re.escape(host)}:{port}\b" for host, port in servers]
    return _signs.in_agent_log(state, "|".join((BY_A_PROXY, *named)), r"heartbeat status: ready")
