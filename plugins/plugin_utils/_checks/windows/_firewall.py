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
    profiles = enforced_profiles(state.firewall)
    parsed = [parse(item.rule) for item in state.firewall.outbound_rules]
    return [
        rule
        for rule in parsed
        if rule
        and rule.meets(answer.address, answer.port)
        and (not rule.profiles or set(rule.profiles) & set(profiles))
        and _is_of_agent(state, rule.program)
    ]


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
    active = firewall.get("active_profiles")
    names = {_CATEGORIES.get(item.get("category")) for item in active} if active else set(_CATEGORIES.values())
    found = {}
    for name in sorted(filter(None, names)):
        profile = firewall.profiles.get(name)
        if profile is None:
            continue
        merged = {**_plain(profile.get("local")), **_plain(profile.get("policy"))}
        if merged.get("EnableFirewall"):
            found[name] = merged.get("DefaultOutboundAction") == _BLOCK
    return found


def _plain(facts: Facts | None) -> dict:
    return facts.as_dict() if facts else {}
