# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension's handler has to be ready before a snapshot is asked of it. Azure shows what the agent
reports of all handlers."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, fail, not_applicable, ok, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_AGENT
from ._agent import is_snapshot, not_asked
from ._jobs import backup_running

CHECK = Check(
    title="The extension handlers report that they are ready",
    severity=CRITICAL,
    stage=Stage.STATUS,
    needs=("vm.power",),
    explained_by=(
        "handler_state",
        "ext_status",
        "ext_present",
        "ext_python_path",
        "ext_python_supported",
        "agent_ready",
    ),
    error_codes=("ExtensionInstallationFailure", "ExtensionOperationFailed", "UserErrorVmProvisioningStateFailed"),
    through_agent=True,
    remedies=("azure_vm_extension",),
    sources=(TROUBLESHOOT_AGENT,),
    advice="Diagnose the guest. Where its handler stays in this state, remove the extension (az vm extension delete)"
    " and run a backup, which installs it again.",
)

NOT_BAD = ("", "Ready", "Installing", "Updating", "Creating", "Transitioning")


def judge(state: AzureState) -> Verdict:
    if unasked := not_asked(state):
        return unasked
    agent = state.agent
    if agent is None:
        return not_applicable("The agent has never reported")
    bad = [one for one in agent.handlers if one.status not in NOT_BAD]
    if not bad:
        return ok(*(one.fact("status") for one in agent.handlers))
    bad.sort(key=lambda one: (not is_snapshot(one.type), one.type))
    first = bad[0]
    evidence = [fact for one in bad for fact in (one.fact("type"), one.fact("status"), one.fact("message"))]
    why = f"The handler {first.type} reports {first.status}"
    if not is_snapshot(first.type):
        return warn(why, *evidence)
    return fail(why, *evidence, fix=None if backup_running(state) else Fix("azure_vm_extension", id=state.vm.id))
