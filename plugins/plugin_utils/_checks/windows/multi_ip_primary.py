# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""With several addresses on the adapter, Windows sends from the one that is primary in Azure.

Azure answers only packets that come from the primary address of the NIC. Windows takes the numerically lowest address
of the adapter as its source unless the others carry SkipAsSource. Which one is primary is known from the metadata
service, else from the last lease, since only Azure gives leases.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._fabric import instance
from ._pages import TROUBLESHOOT_AGENT_WINDOWS

CHECK = Check(
    aliases=("win_multi_ip_primary",),
    title="Windows sends from the address that is primary in Azure",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("guest_firewall",),
    advice=(
        "Run 'Set-NetIPAddress -IPAddress <primary> -SkipAsSource $false', and 'Set-NetIPAddress -IPAddress <other> "
        "-SkipAsSource $true' for every other address. The NIC in Azure names the primary one."
    ),
    sources=(
        Source(
            "No Internet access from Azure Windows VM that has multiple IP addresses",
            "https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/no-internet-access-multi-ip",
        ),
        TROUBLESHOOT_AGENT_WINDOWS,
    ),
)


def judge(state: WindowsState) -> Verdict:
    primary = state.dhcp.primary
    if primary is None or len(primary.addresses) < 2:
        return not_applicable("The primary adapter has one address")
    source = state.fabric.route.source
    skipped = state.dhcp.get("skip_as_source") or {}
    usable = [address for address in primary.addresses if not (address in skipped and skipped[address])]
    wanted = _primary_in_azure(state, primary)
    reached = state.fabric.wire_http.connected
    evidence = (
        primary.fact("addresses"),
        Evidence("SkipAsSource is not set", usable),
        state.fabric.route.fact("source"),
        Evidence("primary address in Azure", wanted),
    )
    if wanted and source and source != wanted:
        return (warn if reached else fail)(
            f"Windows sends from {source}, but {wanted} is primary in Azure",
            *evidence,
            key="Windows sends from an address that is not primary in Azure",
        )
    if reached or len(usable) == 1:
        return ok(*evidence)
    if wanted:
        return ok(*evidence, why="The source address is right; something else keeps the Azure host from answering")
    return fail(
        f"Windows may send from any of {len(usable)} addresses, and the Azure host does not answer",
        *evidence,
        key="Windows may send from any of several addresses, and the Azure host does not answer",
    )


def _primary_in_azure(state: WindowsState, primary: Facts) -> str | None:
    machine = instance(state)
    if machine is not None and machine.get("primary_address"):
        return machine.primary_address
    lease = primary.get("lease_address")
    return lease if lease in primary.addresses else None
