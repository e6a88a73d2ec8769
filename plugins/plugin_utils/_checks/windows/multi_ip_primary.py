# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With several addresses on the adapter, Windows sends from the one that is primary in Azure."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_multi_ip_primary",),
    title="Windows sends from the address that is primary in Azure",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("guest_firewall",),
    source="Microsoft, no internet access with multiple IP addresses (KB 4040882)",
)


def judge(state: GuestState) -> Verdict:
    primary = state.dhcp.primary
    if primary is None or len(primary.addresses) < 2:
        return not_applicable("The primary adapter has one address")
    source = state.fabric.route.source
    skipped = state.dhcp.get("skip_as_source") or {}
    usable = [address for address in primary.addresses if not (address in skipped and skipped[address])]
    wanted = _primary_in_azure(state)
    reached = state.fabric.wire_http.connected
    evidence = (
        primary.fact("addresses"),
        Evidence("SkipAsSource is not set", usable),
        state.fabric.route.fact("source"),
        Evidence("primary address in Azure", wanted),
    )
    if wanted and source and source != wanted:
        judge_it = warn if reached else fail
        return judge_it("Windows sends from an address that is not the primary one in Azure", *evidence)
    if reached or len(usable) == 1:
        return ok(*evidence)
    if wanted:
        return ok(*evidence, why="The source address is right; something else keeps the fabric from answering")
    return fail("Windows may send from any of several addresses, and the fabric does not answer", *evidence)


def _primary_in_azure(state: GuestState) -> str | None:
    """As IMDS tells it, else the address of the last lease: only Azure gives leases."""
    imds = state.fabric.get("imds")
    instance = imds.get("instance") if imds is not None else None
    if instance is not None and instance.get("primary_address"):
        return instance.primary_address
    lease = state.dhcp.primary.get("lease_address")
    return lease if lease in state.dhcp.primary.addresses else None
