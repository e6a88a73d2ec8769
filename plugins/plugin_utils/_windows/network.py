# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Windows side of checks that exist on both systems: the way to the fabric and to storage."""

from __future__ import annotations

import re

from .._engine._model import Evidence, Verdict, fail, ok, warn
from .._engine._state import GuestState, MissingFact
from . import firewall, proxies, signs

DENIED = 10013
"""The socket error of a local filter: Windows Filtering Platform, whoever put it there."""

DENIED_IN_LOG = (
    r"forbidden by its access permissions.*168\.63\.129\.16|168\.63\.129\.16.*forbidden by its access permissions"
)
REFUSED_BY_TIME = r"AuthenticationFailed|specified time frame|not within the valid range|certificate .*not (yet )?valid"
BY_A_PROXY = (
    r"\b(407|proxy authentication required)\b|proxy.*168\.63\.129\.16|168\.63\.129\.16.*proxy"
    # The probe reached the wire server: it is not the one that is unavailable or behind a bad gateway.
    r"|HttpStatusCode: (ServiceUnavailable|BadGateway|GatewayTimeout|ProxyAuthenticationRequired)"
    r"|remote server returned an error: \(50[234]\)"
)
GUEST_FIRST = ("onlyguest", "firstguestthenhost")
NO_NETWORK = r"NoNetwork|NoSecureNetwork|NetworkUnresponsive"
STUCK_MINUTES = 24 * 60


def firewall_blocks(state: GuestState) -> Verdict:
    """Whether a rule or filter of the guest keeps the agent from the fabric."""
    answers = (state.fabric.wire_http, state.fabric.host_plugin)
    silent = [answer for answer in answers if not answer.connected]
    blocking = [(rule, answer) for answer in answers for rule in _rules(state, answer) if rule.blocks]
    evidence = [Evidence("firewall rule", f"{rule.name}: blocks port {answer.port}") for rule, answer in blocking]
    if silent and any(not answer.connected for _rule, answer in blocking):
        return fail("A rule of the Windows firewall blocks the way to the fabric", *evidence)
    denied = [answer.fact("error") for answer in silent if answer.get("error_code") == DENIED]
    if denied:
        logged = signs.in_agent_log(state, DENIED_IN_LOG) if state.get("agent") else []
        return fail("A filter in the guest denies connections to the fabric", *denied, *logged)
    closed = _closed_profiles(state, silent[0]) if silent else []
    if closed:
        why = f"The Windows firewall blocks outgoing traffic by default ({' and '.join(closed)}), the fabric too"
        certain = bool(state.firewall.get("active_profiles")) or len(closed) == 3
        return (fail if certain else warn)(why, Evidence("profiles", closed))
    if blocking:
        return warn("A rule of the Windows firewall blocks the fabric, which the probe reached all the same", *evidence)
    return ok(*(answer.fact("connected") for answer in answers))


def _rules(state: GuestState, answer) -> list[firewall.Rule]:
    """Enabled outbound rules, of profiles that can be in force, that a connection of the agent falls under."""
    service = state.get("services", {}).get("MpsSvc")
    if service is not None and service.state != "Running":
        return []
    profiles = firewall.enforced_profiles(state.firewall)
    parsed = [firewall.parse(item.rule) for item in state.firewall.outbound_rules]
    return [
        rule
        for rule in parsed
        if rule
        and rule.meets(answer.address, answer.port)
        and (not rule.profiles or set(rule.profiles) & set(profiles))
    ]


def _closed_profiles(state: GuestState, answer) -> list[str]:
    service = state.get("services", {}).get("MpsSvc")
    if service is not None and service.state != "Running":
        return []
    if any(not rule.blocks for rule in _rules(state, answer)):
        return []
    return [name for name, closed in firewall.enforced_profiles(state.firewall).items() if closed]


def not_proxied(state: GuestState) -> Verdict:
    """Whether programs of the agent are told to send fabric traffic to a proxy, and whether that does harm."""
    address = _wire_address(state)
    found = [source for source in proxies.sources(state) if not source.settings.bypasses(address)]
    if not found:
        return ok(*(source.evidence for source in proxies.sources(state)))
    places = " and ".join("WinHTTP" if source.place == "winhttp" else "LocalSystem" for source in found)
    named = ", ".join(sorted({proxies.text(source.settings.servers()) for source in found}))
    why = f"The proxy settings of {places} ({named}) do not exempt {address}"
    proof = _proxy_harm(state, [server for source in found for server in source.settings.servers()])
    if proof:
        return fail(f"{why}, and the agent fails", *(source.evidence for source in found), *proof)
    return warn(why, *(source.evidence for source in found))


def _proxy_harm(state: GuestState, servers: list[tuple[str, int]]) -> list[Evidence]:
    """The agent's own words that a proxy stands between it and the fabric, while the direct way is open."""
    agent, fabric = state.get("agent"), state.get("fabric")
    wire = fabric.get("wire_http") if fabric else None
    if agent is None or wire is None or not wire.connected:
        return []
    named = [rf"{re.escape(host)}:{port}\b" for host, port in servers]
    return signs.in_agent_log(state, "|".join((BY_A_PROXY, *named)), r"heartbeat status: ready")


def _wire_address(state: GuestState) -> str:
    fabric = state.get("fabric")
    wire = fabric.get("wire_http") if fabric else None
    return wire.get("address", "168.63.129.16") if wire else "168.63.129.16"


def route(state: GuestState) -> Verdict:
    """Whether Windows has a way to the fabric, and whether nothing sends it elsewhere."""
    way, wire = state.fabric.route, state.fabric.wire_http
    if wire.connected:
        return ok(way.fact("source"))
    if way.error:
        return fail(f"Windows has no route to the fabric: {way.error}", way.fact("error"))
    address = _wire_address(state)
    own = [entry for entry in state.fabric.get("persistent_routes") or [] if entry.startswith(f"{address},")]
    gateways = [gateway for adapter in state.dhcp.interfaces if adapter.up for gateway in adapter.gateways]
    wrong = [entry for entry in own if entry.split(",")[2:3] and entry.split(",")[2] not in gateways]
    if wrong:
        return fail(
            "A persistent route sends the fabric's address to a gateway that no adapter has",
            Evidence("PersistentRoutes", wrong),
            Evidence("gateways", gateways),
        )
    return ok(way.fact("source"))


def slow_disks(state: GuestState) -> Verdict:
    """Whether shadow copies failed because volumes were too busy to hold writes."""
    found = signs.events(state, "volume_timeouts", 8)
    found += signs.events(state, "vss_errors", 12298)
    found += signs.events(state, "vss_errors", pattern=r"0x8004231[34]|timed out while holding writes")
    told = re.search(r"0x8004231[34]|timed out while holding writes", signs.plugin_message(state))
    if not found and not told:
        return ok()
    why = "A snapshot timed out while it held writes: the volume was too busy"
    evidence = signs.evidence({id(event): event for event in found}.values())
    if signs.last_run_succeeded(state):
        return ok(*evidence, why="Earlier: " + why[0].lower() + why[1:])
    return fail(why, *evidence)


def refused_by_time(state: GuestState) -> list[Evidence]:
    """What agent and plugin say of signatures and certificates that a wrong clock makes invalid."""
    message = signs.plugin_message(state)
    told = [Evidence("status of the plugin", message)] if re.search(REFUSED_BY_TIME, message, re.I) else []
    return told + (signs.in_agent_log(state, REFUSED_BY_TIME) if state.get("agent") is not None else [])


def storage_needed(state: GuestState) -> str | None:
    """Why the next backup needs storage from inside the guest; None when it does not, or nobody knows."""
    try:
        key = state.backup.bcdr_persistent
        method = key.get("SnapshotMethod") if key else None
        if method is not None and str(method.value).lower() in GUEST_FIRST:
            return f"BcdrAgentPersistentKeys has the guest take the snapshot ({method.value})"
    except MissingFact:
        pass
    if re.search(NO_NETWORK, signs.plugin_message(state)):
        return "the last backup failed because of the network"
    extension = state.get("extension")
    version = signs.newest(extension.get("versions") or []) if extension else None
    status = version.get("status") if version else None
    age = signs.minutes_before_capture(state, status.get("time")) if status else None
    if status and status.get("status") == "transitioning" and age is not None and age > STUCK_MINUTES:
        return "the last run of the snapshot plugin never came to its end"
    return None
