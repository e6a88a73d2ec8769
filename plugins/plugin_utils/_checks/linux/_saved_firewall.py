# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packet filter of a guest that does not run: its saved rules, and what it logged."""

from __future__ import annotations

from ..._engine._model import Evidence, Verdict, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._fabric import answer, by_log
from ._agent_log import log_age, message

UNANSWERED = ("wire_unanswered", "wire_refused", "wire_no_route", "host_plugin_unreachable", "vm_settings_unanswered")
BANNED, LOGGED = "address_banned", ("filter_dropped", "connections_table_full")
NEAR_S = 2 * 3600
VERBS = {"drop": "drops", "reject": "rejects", "redirect": "redirects", "snat": "changes the source of"}


def saved_rules(state: LinuxState) -> Verdict | None:
    """The rules that a disk holds, or what the filter itself logged: whether they were in force, only the agent's log
    can tell. None where nothing is known of a filter."""
    firewall, line = answer(state, "firewall"), by_log(state, *UNANSWERED)
    blocking = [rule for rule in firewall.blocking if rule.certain] if firewall else []
    # The agent puts its own rules right at its start, unless they keep it from its work.
    rules = [rule for rule in blocking if line or not rule.agents_own_table]
    if firewall and rules:
        evidence = [Evidence(f"{firewall.origin}: {rule.chain} (port {rule.port})", rule.rule) for rule in rules]
        why = f"A saved rule of the guest's packet filter {VERBS[rules[0].verdict]} {packets(rules[0])}"
        return fail(why, *evidence, line) if line else warn(why, *evidence)
    dropped = _dropped(state) if line else None
    if line and dropped:
        return fail("The guest's packet filter dropped packets to the Azure host", dropped, line)
    if firewall:
        return ok(Evidence(firewall.origin, "no saved rule stops root's packets to the Azure host"))
    return None


def _dropped(state: LinuxState) -> Evidence | None:
    """What the packet filter logged about the time when the Azure host did not answer, or a ban that is in force."""
    system = state.agent.get("system_log")
    until = max(log_age(state, name) or 0 for name in UNANSWERED) + NEAR_S
    if system is None:
        return None
    entries = (one for one in map(system.current.get, LOGGED) if one and (one.get("age_s") or 0) < until)
    found = system.current.get(BANNED) or next(entries, None)
    return message(found, found.origin) if found else None


def packets(rule: Facts) -> str:
    """The packets that a rule is about, as a sentence names them."""
    return f"the answers from port {rule.port}" if rule.get("inbound") else f"root's packets to port {rule.port}"
