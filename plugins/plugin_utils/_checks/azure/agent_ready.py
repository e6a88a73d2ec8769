# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure hands commands for a snapshot to an agent that reports itself ready. What it last reported is an image of the
guest: the cause is there."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, unknown, warn
from ..._facts._types import AzureState
from .._codes import NO_STATUS
from .._pages import TROUBLESHOOT_AGENT
from ._agent import not_asked
from ._hours import hours_between

CHECK = Check(
    title="The agent is ready as Azure sees it",
    severity=CRITICAL,
    stage=Stage.STATUS,
    needs=("vm.power",),
    explained_by=(
        "extension_operations",
        "agent_installed",
        "agent_service_running",
        "exthandler_running",
        "guestagent_running",
        "rdagent_running",
        "agent_disable_marker",
        "wire_http_80",
        "hostga_tcp_32526",
        "guest_firewall",
        "agent_status",
        "agent_certificates",
        "disk_space",
    ),
    error_codes=(
        *NO_STATUS,
        "UserErrorGuestAgentStatusUnavailable",
        "VMAgentStatusCommunicationError",
        "UserErrorGuestAgentVersionUnsupported",
    ),
    through_agent=True,
    sources=(TROUBLESHOOT_AGENT,),
    advice="Diagnose the guest: its agent does not run, does not reach 168.63.129.16, or is broken.",
)

SILENT_H = 0.25


def judge(state: AzureState) -> Verdict:
    if unasked := not_asked(state):
        return unasked
    agent = state.agent
    if agent is None:
        return fail("The agent has never reported to Azure", Evidence(f"{state.vm.origin}: instance view", None))
    evidence = [agent.fact(name) for name in ("status", "version", "message", "time")]
    if not agent.status:
        return unknown("Azure has no status of the agent", *evidence)
    if agent.status != "Ready":
        return fail(f"Azure has the agent as {agent.status}", *evidence)
    if agent.time and hours_between(agent.time, state.captured) > SILENT_H:
        minutes = hours_between(agent.time, state.captured) * 60
        return warn(
            f"The agent has not reported for {minutes:,.0f} minutes",
            *evidence,
            key="The agent has not reported for long",
        )
    return ok(*evidence)
