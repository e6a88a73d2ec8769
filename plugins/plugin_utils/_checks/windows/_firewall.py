# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules and profiles of the Windows firewall that a connection of the agent falls under."""

from __future__ import annotations

import re

from ..._engine._state import Facts
from ..._facts._types import WindowsState
from ._firewall_rules import Rule, parse
from ._services import AGENTS

_BLOCK = 1
_ROOT = re.compile(r"^(?:%\w+%|[a-z]:)")
_CATEGORIES = {0: "PublicProfile", 1: "StandardProfile", 2: "DomainProfile"}


def _is_off(state: WindowsState) -> bool:
    """Whether the firewall's service is known not to run: no rule is in force then."""
    service = state.get("services", {}).get("MpsSvc")
    return service is not None and service.state != "Running"


def rules_for(state: WindowsState, answer: Facts) -> list[Rule]:
    """Enabled outbound rules, of profiles that can be in force, that a connection of the agent falls under."""
    if _is_off(state):
        return []
    profiles = set(enforced_profiles(state.firewall))
    merging = {name for name in profiles if _takes_local_rules(state.firewall.profiles[name])}
    adapter = _primary_adapter(state)
    parsed = [
        (parse(item.rule), profiles if _is_of_policy(item) else merging) for item in state.firewall.outbound_rules
    ]
    return [
        rule
        for rule, places in parsed
        if rule
        and rule.meets(answer.address, answer.port)
        and places & set(rule.profiles or places)
        and (not rule.adapters or adapter in rule.adapters)
        and _is_of_agent(state, rule.program)
    ]


def _is_of_policy(item: Facts) -> bool:
    """Whether a rule is kept with those of group policies, and not with the machine's own."""
    return "policies" in item.origin.lower()


def _takes_local_rules(profile: Facts) -> bool:
    """Whether the machine's own rules are in force in a profile: a policy can keep them out."""
    return _plain(profile.get("policy")).get("AllowLocalPolicyMerge") != 0


def _primary_adapter(state: WindowsState) -> str:
    """The identifier of the adapter towards the Azure host, as rules write it; empty when it is not known."""
    dhcp = state.get("dhcp", {})
    primary = dhcp.get("primary")
    name = primary.get("interface") if primary is not None else None
    return next((str(item.get("id")).lower() for item in dhcp.get("interfaces") or [] if item.get("name") == name), "")


def _is_of_agent(state: WindowsState, program: str) -> bool:
    """Whether a rule is for every program, or for one of the agent or the extension as they run now."""
    place = _below_root(program)
    if not place:
        return True
    services, extension = state.get("services", {}), state.get("extension", {})
    images = [service.get("image") for service in map(services.get, AGENTS) if service is not None]
    folders = [version.folder for version in extension.get("versions") or []]
    return place in map(_below_root, images) or place.startswith(tuple(f"{_below_root(one)}\\" for one in folders))


def _below_root(path: object) -> str:
    """A path without its drive, which rules write as a variable."""
    return _ROOT.sub("", str(path or "").strip('"').lower())


def closed_profiles(state: WindowsState, answer: Facts) -> list[str]:
    """Profiles in force that block this connection, because no rule allows it."""
    if _is_off(state) or any(not rule.blocks for rule in rules_for(state, answer)):
        return []
    return [name for name, closed in enforced_profiles(state.firewall).items() if closed]


def enforced_profiles(firewall: Facts) -> dict[str, bool]:
    """Profiles that can be in force, with whether they block outbound traffic that no rule allows."""
    active = {_CATEGORIES.get(item.get("category")) for item in firewall.get("active_profiles") or []} - {None}
    found = {}
    for name in sorted(map(str, active or _CATEGORIES.values())):
        profile = firewall.profiles.get(name)
        if profile is None:
            continue
        merged = {**_plain(profile.get("local")), **_plain(profile.get("policy"))}
        if merged.get("EnableFirewall"):
            found[name] = merged.get("DefaultOutboundAction") == _BLOCK
    return found


def _plain(facts: Facts | None) -> dict:
    return facts.as_dict() if facts else {}
