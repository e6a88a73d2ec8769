# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Azure host answers only packets that leave by the primary interface with its primary address."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, unknown
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._fabric import ONLY_ROOT, by_log, instance, reached
from .._pages import FABRIC_ADDRESS, agent_issue
from ._agent_log import message

CHECK = Check(
    title="Packets to the wire server leave by the primary interface",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    explained_by=("dhcp_enabled", "guest_firewall"),
    sources=(
        FABRIC_ADDRESS,
        agent_issue(190, "no route to the wire server"),
        agent_issue(512, "two interfaces"),
    ),
    advice=(
        "Remove the route or rule for 168.63.129.16, so that packets to it leave by the primary interface "
        "with its primary address (`ip route get 168.63.129.16`)."
    ),
)


def judge(state: LinuxState) -> Verdict:
    saved = [Evidence("network configuration", route) for route in _saved(state)]
    unanswered = by_log(state, "wire_no_route", "wire_unanswered")
    if saved and unanswered:
        return fail(
            "The network configuration leads packets to the wire server another way than DHCP", *saved, unanswered
        )
    tunnel = _tunnel(state)
    if tunnel and unanswered:
        return fail("A VPN routes all packets into its tunnel, those to the wire server too", tunnel, unanswered)
    line = by_log(state, "wire_no_route")
    if line:
        return fail("The guest had no route to the wire server in the agent's last attempt", line)
    route = state.fabric.route
    there = reached(state)
    if there:
        return ok(route.fact("interface"))
    if route.error:
        return fail(f"The guest has no route to the wire server: {route.error}", route.fact("error"))
    if there is None:
        return unknown(ONLY_ROOT, route.fact("interface"))
    why = _wrong_way(route) or _wrong_source(state, route)
    shown = [route.fact(name) for name in ("interface", "gateway", "source")]
    return fail(why, *shown) if why else ok(*shown)


def _saved(state: LinuxState) -> list[str]:
    """Routes for the wire server in the network configuration of a disk."""
    return state.fabric.get("saved_routes") or [] if "fabric" in state else []


def _tunnel(state: LinuxState) -> Evidence | None:
    """What a VPN logged of the routes that it set for every address."""
    system = state.agent.get("system_log") if "agent" in state else None
    entries = map(system.current.get, ("tunnel_for_everything", "tunnel_of_ipsec")) if system is not None else ()
    entry = next(filter(None, entries), None)
    return message(entry, entry.origin) if entry else None


def _wrong_way(route: Facts) -> str | None:
    """The guest does not reach the wire server: is it the way that its packets take?"""
    usual, used = route.default_interface, route.interface
    if usual and used != usual:
        reason = "a route for this address" if route.explicit else "a rule or route of its own"
        return f"Packets to the wire server leave by {used}, because of {reason}, and not by {usual}"
    names = route.addressed_interfaces
    if used in names[1:]:
        return f"Packets to the wire server leave by {used}; only those from the primary interface are answered"
    return None


def _wrong_source(state: LinuxState, route: Facts) -> str | None:
    machine = instance(state)
    primary = machine.primary_address if machine else None
    if (primary and route.source != primary) or route.source_secondary:
        return "Packets to the wire server carry a secondary address; only the primary one is answered"
    return None
