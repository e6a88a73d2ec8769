# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The primary interface has the address that its lease names.

Azure drops packets that carry another source address than the one it gave to the interface. A network manager that
restarts, or a script that sets addresses, can take the leased address away while others stay: routes look right then,
and
nothing reaches the wire server.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._fabric import answer, instance, reached
from .._pages import FABRIC_ADDRESS, agent_issue

CHECK = Check(
    title="The primary interface has the address of its lease",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary", "dhcp.lease"),
    explains=("wire_http_80", "wire_route", "hostga_tcp_32526", "agent_goal_state"),
    error_codes=("UserErrorGuestAgentStatusUnavailable", "VMAgentStatusCommunicationError"),
    sources=(FABRIC_ADDRESS, agent_issue(3356, "the address is lost after a host name was published")),
    advice="Renew the lease (`networkctl renew eth0`, `nmcli device reapply eth0` or `dhclient eth0`), then check with"
    " `ip route get 168.63.129.16` that packets carry the leased address.",
)


def judge(state: LinuxState) -> Verdict:
    lease, primary = state.dhcp.lease, state.dhcp.primary
    if lease is None or not lease.get("address") or primary.method == "static":
        return not_applicable("No lease names an address for the primary interface")
    if primary.addresses is None:
        return not_applicable("Which addresses the interface has needs a running system")
    evidence = [Evidence(f"{lease.origin}: address", lease.address), primary.fact("addresses")]
    route = answer(state, "route")
    source = route.get("source") if route else None
    sent = [route.fact("source")] if route is not None and source else []
    there = reached(state)
    if lease.address in primary.addresses:
        if there is False and source and source in primary.addresses and source != lease.address:
            why = f"Packets to the wire server leave with {source}, and the lease names {lease.address}"
            return fail(why, *evidence, *sent, key="Packets leave with another address than the leased one")
        return ok(*evidence)
    why = f"{primary.interface} does not have {lease.address}, the address that its lease names"
    shown = [*evidence, *sent]
    key = "The leased address is missing on the interface"
    if there:
        return ok(*shown, why="The lease names another address; the wire server answers")
    if source and source in primary.addresses and source == _by_azure(state):
        return ok(*shown, why="The lease names another address; packets leave with the one that Azure knows")
    if lease.get("expired"):
        return warn(f"{why}; that lease has expired", *shown, key=key)
    return fail(why, *shown, key=key) if there is False else warn(why, *shown, key=key)


def _by_azure(state: LinuxState) -> str | None:
    """The primary address by the metadata service; None where that does not say it."""
    machine = instance(state)
    return machine.get("primary_address") if machine else None
