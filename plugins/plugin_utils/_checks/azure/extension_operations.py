# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of a machine can forbid extensions, or state that it has no agent. Then Azure does not install the snapshot
extension, however healthy the guest is."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, ok
from ..._facts._types import AzureState
from .._pages import AGENT_WINDOWS, TROUBLESHOOT_AGENT
from ._protection import succeeded

CHECK = Check(
    title="The machine's model allows extensions",
    severity=CRITICAL,
    stage=Stage.MACHINE,
    needs=("vm.allow_extensions", "vm.provision_agent"),
    error_codes=("UserErrorGuestAgentStatusUnavailable", "OperationNotAllowed"),
    through_agent=True,
    sources=(AGENT_WINDOWS, TROUBLESHOOT_AGENT),
    advice="Install the agent where it is missing, then set osProfile.allowExtensionOperations to true (az vm update"
    " --set osProfile.allowExtensionOperations=true).",
)


def judge(state: AzureState) -> Verdict:
    evidence = (state.vm.fact("allow_extensions"), state.vm.fact("provision_agent"))
    if state.vm.allow_extensions is False:
        return fail("The machine's model forbids extensions", *evidence)
    if state.vm.provision_agent is False and not state.vm.allow_extensions:
        if _works(state):
            return ok(*evidence, why="An agent was installed later; it is ready, and the last backup succeeded")
        return fail("The machine's model states that it has no agent", *evidence)
    return ok(*evidence)


def _works(state: AzureState) -> bool:
    """Backups show that there is an agent, and that extensions may run."""
    agent = state.get("agent")
    return agent is not None and agent.status == "Ready" and succeeded(state)
