# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent talks to the Azure host at 168.63.129.16 on TCP ports 80 and 32526. A rule of the guest's own packet
filter that stops root's packets there cuts the agent off; the agent's own rules stop everyone but root."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._fabric_answers import refuses
from .._pages import FABRIC_ADDRESS, agent_issue
from ._saved_firewall import VERBS, packets, saved_rules

CHECK = Check(
    aliases=("guest_firewall_blocks_wire",),
    title="The guest's packet filter lets root reach the Azure host",
    severity=CRITICAL,
    stage=Stage.FABRIC,
    sources=(
        FABRIC_ADDRESS,
        agent_issue(797, "a rule of the security table"),
        agent_issue(1596, "port 32526"),
    ),
    advice=(
        "Remove the rule, or insert before it one that accepts packets of uid 0 to 168.63.129.16, TCP ports 80 and"
        " 32526, and one that accepts the answers (connection state ESTABLISHED); make the change in the tool that"
        " saves the rules (firewalld, ufw, nftables, iptables)."
    ),
)


def judge(state: LinuxState) -> Verdict:
    saved = saved_rules(state) if not state.live else None
    if saved:
        return saved
    wire, plugin = state.fabric.wire_http, state.fabric.host_plugin
    if wire.connected and plugin.connected and not _diverted(wire):
        return ok(why="Both ports of the Azure host answer")
    # The agent's own rules spare root; what is listed here stops root.
    firewall = state.fabric.firewall
    silent = {answer.port for answer in (wire, plugin) if not answer.connected}
    rules = [rule for rule in firewall.blocking if rule.port in silent or rule.verdict == "redirect"]
    if not rules:
        return ok(Evidence(firewall.origin, "no rule stops root's packets to the Azure host"))
    first = rules[0]
    evidence = [Evidence(f"{rule.chain} (port {rule.port})", rule.rule) for rule in rules]
    why = f"The guest's packet filter {VERBS[first.verdict]} {packets(first)}: {first.rule}"
    if first.agents_own_table:
        why = (
            "The agent's own firewall rules stop root as well: the rule that accepts root is missing or comes too late"
        )
    if not first.certain:
        return warn(f"{why} (a condition of this rule could not be judged)", *evidence)
    return fail(why, *evidence)


def _diverted(wire: Facts) -> bool:
    return wire.status is not None and not wire.is_version_list and not refuses(wire)
