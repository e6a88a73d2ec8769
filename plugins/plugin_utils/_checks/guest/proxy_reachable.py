# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Agent and extension send requests to Azure Storage through the proxy that is configured for them. What the Azure
host does in their place needs no proxy."""

from __future__ import annotations

import re

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._engine._state import Facts, GuestState
from .._fabric import by_log
from .._pages import PREPARE, TROUBLESHOOT_AGENT
from .._storage import storage_needed

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
        wrong = _wrong(proxy)
        if wrong:
            evidence = Evidence(proxy.origin, proxy.error or proxy.tls_error or proxy.answer)
            why, key = f"The proxy {proxy.proxy} {wrong}", f"{proxy.proxy}: {wrong}"
            needed = storage_needed(state)
            if needed:
                return fail(f"{why}, and {needed}", evidence, key=key)
            return warn(f"{why}; snapshots taken by the Azure host do not need this proxy", evidence, key=key)
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


def _wrong(proxy: Facts) -> str | None:
    """What is wrong; None when the proxy works as far as it was tried."""
    if not proxy.connected:
        return f"cannot be reached: {proxy.error}"
    if proxy.status == 407:
        return "answers 407: it asks for credentials, which the agent cannot give"
    if proxy.status is None:
        return f"does not answer as a proxy: {proxy.answer or 'no answer'}"
    if not proxy.target_is_storage:
        # How it treats a name that backup does not need says nothing.
        return None
    if not 200 <= proxy.status < 300:
        return f"refuses a tunnel to storage: status {proxy.status}"
    return f"opens TLS or leads elsewhere: {proxy.tls_error}" if proxy.tls_error else None
