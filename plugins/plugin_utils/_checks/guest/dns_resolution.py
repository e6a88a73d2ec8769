# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of Azure Storage must resolve where the guest itself needs storage and no proxy resolves them. One that the
hosts file pins to an address stays there when Azure moves it."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._engine._state import Facts, GuestState
from .._fabric import answer, by_log
from .._pages import FABRIC_ADDRESS
from .._storage import storage_needed
from .._tried_proxies import proxies

CHECK = Check(
    title="Names of Azure Storage resolve",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("fabric",),
    explained_by=("wire_http_80", "proxy_reachable"),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    sources=(FABRIC_ADDRESS,),
    advice=(
        "Make the guest's resolver answer: 168.63.129.16 is Azure's own; check the DNS servers of the virtual "
        "network and /etc/resolv.conf, or the adapter's DNS settings on Windows."
    ),
)


OF_A_DISK = "md-"
"""What names of storage begin with that hold the platform's managed disks: no one else has a use for them."""


def judge(state: GuestState) -> Verdict:
    line = by_log(state, "address_not_resolved")
    if line:
        return warn("The agent could not resolve a name of Azure Storage in its last attempt", line)
    pinned = _pinned(state)
    if pinned:
        judged = fail if storage_needed(state) else warn
        places = [pin.fact("address", f"{pin.origin}: {pin.name}") for pin in pinned]
        repair = by_hand(
            f"Remove the names from {pinned[0].origin.partition(':')[0]}, so that Azure's DNS resolves them."
        )
        return judged("A name of Azure Storage is pinned to an address that does not answer", *places, fix=repair)
    storage = answer(state, "storage")
    if storage is None:
        return not_applicable("No storage endpoint is known to try: name one with diagnose_storage_endpoint")
    if not storage.dns_error:
        return ok(storage.fact("addresses"))
    if any(proxy.status == 200 for proxy in proxies(state)):
        return ok(storage.fact("dns_error"), why="A proxy resolves names for the guest")
    verdict = fail if storage_needed(state) else warn
    return verdict(f"The name of the storage endpoint {storage.dns_error}", storage.fact("dns_error"))


def _pinned(state: GuestState) -> list[Facts]:
    """Names of the hosts file behind which nothing answers: by the probe, else where a backup failed for storage."""
    fabric, storage = state.get("fabric"), answer(state, "storage")
    pins = (fabric.get("pinned_names") if fabric else None) or []
    if storage is not None:
        return [pin for pin in pins if not storage.connected and pin.address in storage.addresses]
    return [pin for pin in pins if pin.name.startswith(OF_A_DISK)] if storage_needed(state) else []
