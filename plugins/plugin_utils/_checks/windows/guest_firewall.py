# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No rule or filter of the guest stops the agent's traffic to the Azure host.

The agent gets its commands from 168.63.129.16, TCP 80, and fetches extensions and reports status by TCP 32526. A
block rule for all addresses, or a profile that blocks outbound traffic by default, cuts this way off; so can any
product that puts filters into the Windows Filtering Platform (socket error 10013). Only rules of profiles that can be
in force, and that the agent's executables fall under, count. One for these executables alone leaves the way of the
probe open: it is a failure where the agent is not ready.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Source, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import WindowsState
from .._pages import FABRIC_ADDRESS
from . import _agent_log, _firewall
from ._agents_report import agent_ready
from ._pages import TROUBLESHOOT_AGENT_WINDOWS

CHECK = Check(
    aliases=("guest_firewall_blocks_wire",),
    title="The guest's firewall lets the agent reach the Azure host",
    severity=CRITICAL,
    stage=Stage.FABRIC,
    explains=("agent_status",),
    advice=(
        "Disable the rule ('Disable-NetFirewallRule -DisplayName <name>') or exempt 168.63.129.16 from it; change a "
        "rule of a group policy there. TCP 80 and 32526 to this address must stay open."
    ),
    sources=(
        FABRIC_ADDRESS,
        TROUBLESHOOT_AGENT_WINDOWS,
        Source(
            "Enable or disable a firewall rule on an Azure VM guest OS",
            "https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/"
            "enable-disable-firewall-rule-guest-os",
        ),
    ),
)

DENIED = 10013
DENIED_IN_LOG = (
    r"forbidden by its access permissions.*168\.63\.129\.16|168\.63\.129\.16.*forbidden by its access permissions"
)
FIND_FILTER = (
    "Find the product that owns the filter with 'netsh wfp show netevents' and 'netsh wfp show filters', and have its "
    "administrator allow TCP 80 and 32526 to 168.63.129.16."
)
ADD_RULE = (
    'Allow the way out: \'New-NetFirewallRule -DisplayName "Azure fabric" -Direction Outbound -Action Allow -Protocol '
    "TCP -RemoteAddress 168.63.129.16 -RemotePort 80,32526', in the group policy if that sets the profiles."
)


def judge(state: WindowsState) -> Verdict:
    """Whether a rule or filter of the guest keeps the agent from the Azure host."""
    answers = (state.fabric.wire_http, state.fabric.host_plugin)
    silent = [answer for answer in answers if not answer.connected]
    blocking = [(rule, answer) for answer in answers for rule in _firewall.rules_for(state, answer) if rule.blocks]
    evidence = [Evidence("firewall rule", f"{rule.name}: blocks port {answer.port}") for rule, answer in blocking]
    names = ", ".join(sorted({rule.name for rule, _answer in blocking}))
    if silent and any(not answer.connected for _rule, answer in blocking):
        why = f"Windows Firewall blocks the Azure host by rule: {names}"
        return fail(why, *evidence, key="A Windows Firewall rule blocks the Azure host")
    own = sorted({rule.name for rule, _answer in blocking if rule.program or rule.service.strip("*")})
    if own and not agent_ready(state):
        why = f"Windows Firewall blocks the agent's own executables by rule: {', '.join(own)}"
        logged = _agent_log.lines(state, DENIED_IN_LOG)
        return fail(why, *evidence, *logged, key="A Windows Firewall rule blocks the agent's executables")
    denied = [answer.fact("error") for answer in silent if answer.get("error_code") == DENIED]
    if denied:
        logged = _agent_log.lines(state, DENIED_IN_LOG)
        why = f"A filter in the guest denies connections to the Azure host (socket error {DENIED})"
        return fail(why, *denied, *logged, fix=by_hand(FIND_FILTER))
    closed = _firewall.closed_profiles(state, silent[0]) if silent else []
    if closed:
        why = f"Windows Firewall blocks outbound traffic by default ({' and '.join(closed)}), the Azure host included"
        certain = bool(state.firewall.get("active_profiles")) or len(closed) == 3
        return (fail if certain else warn)(why, Evidence("profiles", closed), fix=by_hand(ADD_RULE))
    if blocking:
        why = f"Windows Firewall has a rule against the Azure host, which is still reached: {names}"
        return warn(why, *evidence, key="Windows Firewall has a rule against the Azure host")
    return ok(*(answer.fact("connected") for answer in answers))
