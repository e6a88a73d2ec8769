# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of Azure Storage must resolve where the guest itself needs storage and no proxy resolves them."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from .._fabric import answer, by_log, proxies
from .._pages import FABRIC_ADDRESS
from .._storage import storage_needed

CHECK = Check(
    title="Names of Azure Storage resolve",
    severity=WARNING,
    stage=Stage.STORAGE,
    needs=("fabric",),
    explained_by=("wire_http_80",),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    sources=(FABRIC_ADDRESS,),
    advice=(
        "Make the guest's resolver answer: 168.63.129.16 is Azure's own; check the DNS servers of the virtual "
        "network and /etc/resolv.conf, or the adapter's DNS settings on Windows."
    ),
)


def judge(state: GuestState) -> Verdict:
    line = by_log(state, "address_not_resolved")
    if line:
        return warn("The agent could not resolve a name of Azure Storage in its last attempt", line)
    storage = answer(state, "storage")
    if storage is None:
        return not_applicable("No storage endpoint is known to try: name one with diagnose_storage_endpoint")
    if not storage.dns_error:
        return ok(storage.fact("addresses"))
    if any(proxy.status == 200 for proxy in proxies(state)):
        return ok(storage.fact("dns_error"), why="A proxy resolves names for the guest")
    verdict = fail if storage_needed(state) else warn
    return verdict(f"The name of the storage endpoint {storage.dns_error}", storage.fact("dns_error"))
