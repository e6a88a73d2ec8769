# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No rule of the guest's own packet filter stops root's traffic to the fabric."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from . import _firewall, _signs

CHECK = Check(
    aliases=("guest_firewall_blocks_wire",),
    title="The guest's packet filter lets root reach the fabric",
    severity=CRITICAL,
    stage=Stage.FABRIC,
    source="WALinuxAgent issues 797, 1596 and 3492; azure-docs: what is 168.63.129.16",
)

DENIED = 10013
"""The socket error of a local filter: Windows Filtering Platform, whoever put it there."""
DENIED_IN_LOG = (
    r"forbidden by its access permissions.*168\.63\.129\.16|168\.63\.129\.16.*forbidden by its access permissions"
)


def judge(state: GuestState) -> Verdict:
    """Whether a rule or filter of the guest keeps the agent from the fabric."""
    answers = (state.fabric.wire_http, state.fabric.host_plugin)
    silent = [answer for answer in answers if not answer.connected]
    blocking = [(rule, answer) for answer in answers for rule in _rules(state, answer) if rule.blocks]
    evidence = [Evidence("firewall rule", f"{rule.name}: blocks port {answer.port}") for rule, answer in blocking]
    if silent and any(not answer.connected for _rule, answer in blocking):
        return fail("A rule of the Windows firewall blocks the way to the fabric", *evidence)
    denied = [answer.fact("error") for answer in silent if answer.get("error_code") == DENIED]
    if denied:
        logged = _signs.in_agent_log(state, DENIED_IN_LOG) if state.get("agent") else []
        return fail("A filter in the guest denies connections to the fabric", *denied, *logged)
    closed = _closed_profiles(state, silent[0]) if silent else []
    if closed:
        why = f"The Windows firewall blocks outgoing traffic by default ({' and '.join(closed)}), the fabric too"
        certain = bool(state.firewall.get("active_profiles")) or len(closed) == 3
        return (fail if certain else warn)(why, Evidence("profiles", closed))
    if blocking:
        return warn("A rule of the Windows firewall blocks the fabric, which the probe reached all the same", *evidence)
    return ok(*(answer.fact("connected") for answer in answers))


def _rules(state: GuestState, answer) -> list[_firewall.Rule]:
    """Enabled outbound rules, of profiles that can be in force, that a connection of the agent falls under."""
    service = state.get("services", {}).get("MpsSvc")
    if service is not None and service.state != "Running":
        return []
    profiles = _firewall.enforced_profiles(state.firewall)
    parsed = [_firewall.parse(item.rule) for item in state.firewall.outbound_rules]
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
    return [name for name, closed in _firewall.enforced_profiles(state.firewall).items() if closed]
