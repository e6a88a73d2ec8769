# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent and extension send requests to Azure Storage through the proxy that is configured for them. What the Azure
host does in their place needs no proxy."""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from .._fabric import by_log
from .._pages import PREPARE, TROUBLESHOOT_AGENT
from .._storage import storage_needed
from .._tried_proxies import told, wrong

CHECK = Check(
    title="The configured proxy accepts connections and opens tunnels",
    severity=CRITICAL,
    stage=Stage.STORAGE,
    explained_by=("proxy_waagent_conf",),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    sources=(
        TROUBLESHOOT_AGENT,
        PREPARE,
    ),
    advice=(
        "Make the proxy accept connections from this guest without authentication and let CONNECT to Azure "
        "Storage pass; or remove it from the agent's configuration where backup does not need it."
    ),
)


_ADDRESS = re.compile(r"[0-9.:\[\]]+\Z")
SLOW_S = 4.0
"""A lost packet is sent again after one and after three seconds: such an answer comes within four."""

QUICKER = (
    "Make the proxy answer at once, or have agent and extension connect to Azure Storage without it (NO_PROXY; on"
    " Windows"
    " `bitsadmin /Util /SetIEProxy LOCALSYSTEM NO_PROXY` for the system account)."
)


def judge(state: GuestState) -> Verdict:
    line = by_log(state, "proxy_refused")
    if line:
        return warn("The proxy refused what the agent last asked it for", line)
    unknown_name = by_log(state, "address_not_resolved")
    proxy = _of_agent(state)
    if unknown_name and proxy:
        return warn(
            "The name of the proxy that the agent uses did not resolve in its last attempt", proxy, unknown_name
        )
    proxies = state.fabric.proxies
    if not proxies:
        return not_applicable("No proxy is used")
    for proxy in proxies:
        said = wrong(proxy)
        if said:
            why, key = f"The proxy {proxy.proxy} {said}", f"{proxy.proxy}: {said}"
            needed = storage_needed(state)
            if needed:
                return fail(f"{why}, and {needed}", told(proxy), key=key)
            return warn(f"{why}; snapshots taken by the Azure host do not need this proxy", told(proxy), key=key)
    for proxy in proxies:
        if (proxy.get("seconds") or 0) > SLOW_S:
            evidence = Evidence(f"{proxy.origin}: seconds", proxy.seconds)
            why, key = f"The proxy {proxy.proxy} took {proxy.seconds:.1f} s to answer", f"{proxy.proxy}: slow"
            return warn(why, evidence, key=key, fix=by_hand(QUICKER))
    return ok(*[Evidence(proxy.origin, proxy.answer) for proxy in proxies])


def _of_agent(state: GuestState) -> Evidence | None:
    """The proxy that resolves names for the agent, where only the name of the proxy itself is left to be resolved."""
    paths = state.get("proxy", {}).get("paths")
    path = paths.get("agent") if paths else None
    if path is None or path.via != "proxy" or _ADDRESS.match(path.proxy):
        return None
    return path.fact("proxy")
