# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest itself needs Azure Storage only where the Azure host cannot take the snapshot."""

from __future__ import annotations

from ..._engine._model import WARNING, WINDOWS, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts, GuestState
from .._fabric import answer
from .._pages import PREPARE, TROUBLESHOOT_AGENT
from .._storage import storage_needed
from .._tried_proxies import proxies, told

CHECK = Check(
    title="Azure Storage can be reached",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("fabric.wire_http",),
    explained_by=(
        "dns_resolution",
        "proxy_reachable",
        "ca_bundle",
        "clock_skew",
    ),
    error_codes=(
        "ExtensionSnapshotFailedNoNetwork",
        "VMRestorePointClientError",
    ),
    sources=(
        TROUBLESHOOT_AGENT,
        PREPARE,
    ),
    advice=(
        "Open TCP port 443 to the service tag Storage of the region, or name the proxy that the guest has to "
        "use; needed only where the Azure host cannot take the snapshot."
    ),
)


def judge(state: GuestState) -> Verdict:
    storage = answer(state, "storage")
    if storage is None:
        return not_applicable("No storage endpoint is known to try: name one with diagnose_storage_endpoint")
    direct = _wrong(storage)
    evidence = [Evidence(storage.origin, direct or "connected, certificate trusted")]
    if direct is None:
        return ok(*evidence)
    for proxy in proxies(state):
        if "agent" in proxy.clients or state["platform"] == WINDOWS:
            evidence.append(told(proxy))
            if proxy.target_is_storage and proxy.status == 200 and not proxy.tls_error:
                return ok(*evidence, why="Storage is reached through the proxy")
    needed = storage_needed(state)
    why = f"Storage cannot be reached: {direct}"
    if needed:
        return fail(f"{why}; {needed}", *evidence)
    return warn(f"{why}; needed only where the Azure host cannot take the snapshot", *evidence)


def _wrong(storage: Facts) -> str | None:
    if not storage.connected:
        return storage.error or "no connection"
    return storage.tls_error
