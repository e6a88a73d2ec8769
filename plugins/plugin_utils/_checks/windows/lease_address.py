# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The primary adapter has the address that its lease names.

Azure drops packets that carry another source address than the one it gave to the adapter. A script or a product that
sets addresses can take the leased address away, and a failed renewal replaces it with one that Windows chose itself.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok, warn
from ..._facts._types import WindowsState
from .._fabric import answer, reached
from .._pages import FABRIC_ADDRESS
from ._pages import TROUBLESHOOT_AGENT_WINDOWS

CHECK = Check(
    title="The primary adapter has the address of its lease",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("dhcp_enabled",),
    explains=("wire_http_80", "wire_route", "hostga_tcp_32526"),
    error_codes=("UserErrorGuestAgentStatusUnavailable", "VMAgentStatusCommunicationError"),
    sources=(FABRIC_ADDRESS, TROUBLESHOOT_AGENT_WINDOWS),
    advice="Run 'ipconfig /release' and 'ipconfig /renew' in the serial console of the VM. If the address is lost"
    " again, find what sets addresses on this adapter.",
)


def judge(state: WindowsState) -> Verdict:
    primary = state.dhcp.primary
    if primary is None or primary.method != "dhcp" or not primary.lease_address:
        return not_applicable("No lease names an address for the primary adapter")
    evidence = [primary.fact("lease_address"), primary.fact("addresses")]
    if primary.lease_address in primary.addresses:
        return ok(*evidence)
    route = answer(state, "route")
    sent = [route.fact("source")] if route is not None and route.get("source") else []
    there = reached(state)
    if there:
        return ok(*evidence, *sent, why="The lease names another address; the wire server answers")
    why = f"{primary.interface} does not have {primary.lease_address}, the address that its lease names"
    verdict = fail if there is False else warn
    return verdict(why, *evidence, *sent, key="The leased address is missing on the adapter")
