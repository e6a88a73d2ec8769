# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No file ``disable_agent`` disables the agent.

An agent that finds this file in its directory sleeps indefinitely: its service looks healthy, and it runs no extension.
Provisioning writes the file where a VM was created without a guest agent, and some administrators write it themselves.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._codes import NO_REPORT
from .._pages import agent_file, agent_issue
from ._agent_log import logged

CHECK = Check(
    aliases=("agent_disabled_file",),
    title="No file disable_agent disables the agent",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent",),
    error_codes=NO_REPORT,
    keeps_agent_down=True,
    remedies=("waagent_service",),
    sources=(agent_file("azurelinuxagent/daemon/main.py"), agent_issue(1289, "the agent can be disabled")),
    advice="Ask who disabled the agent. Then delete /var/lib/waagent/disable_agent, restart the agent, and set"
    " osProfile.allowExtensionOperations of the VM to true in Azure.",
)

FIX = Fix("waagent_service", confirm=True, slow=True, remove_disable_marker=True, state="restarted")
ASLEEP = "The file disable_agent makes the agent sleep indefinitely"


def judge(state: LinuxState) -> Verdict:
    asleep = None if state.agent.get("handler") else logged(state, "agent_disabled")
    if asleep and "disabled_by" not in state.agent:
        return fail(ASLEEP, asleep, fix=FIX)
    path = state.agent.disabled_by
    if path is None and asleep and state.agent.get("daemon"):
        return fail(
            "The agent still sleeps: disable_agent was deleted, and the agent was not restarted since", asleep, fix=FIX
        )
    if path is None:
        return ok(Evidence("disable_agent", "absent"))
    evidence = Evidence(path, "present")
    if state.agent.get("handler"):
        return warn("The file disable_agent will make the agent sleep from its next start on", evidence, fix=FIX)
    return fail(ASLEEP, evidence, fix=FIX)
