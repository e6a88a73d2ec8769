# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failed extension takes the whole machine to a failed state, and one that hangs in a change keeps Azure from
installing the snapshot extension."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, fail, ok, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_AGENT
from ._agent import is_snapshot
from ._jobs import backup_running, hangs, under_way

CHECK = Check(
    title="All extensions are provisioned",
    severity=CRITICAL,
    stage=Stage.HANDLER,
    needs=("extensions",),
    explained_by=("handler_status", "handler_state", "ext_status", "agent_ready", "ext_python_path", "disk_space"),
    error_codes=(
        "UserErrorVmProvisioningStateFailed",
        "ExtensionStuckInDeletionState",
        "VMExtensionProvisioningTimeout",
        "ExtensionInstallationFailure",
        "ExtensionOperationFailed",
        "ExtensionOperationInProgress",
    ),
    through_agent=True,
    remedies=("azure_vm_extension",),
    sources=(TROUBLESHOOT_AGENT,),
    advice="Remove the extension's resource (az vm extension delete); the backup service installs its own again with"
    " the next backup.",
)


CHANGING = ("Creating", "Updating", "Deleting")


def judge(state: AzureState) -> Verdict:
    # What changes while a backup runs is not stuck.
    busy = any(not hangs(job, state.captured) for job in under_way(state))
    fine = (None, "Succeeded")
    bad = [
        one
        for one in state.extensions
        if one.provisioning_state not in fine
        and not (busy and is_snapshot(one.type) and one.provisioning_state in CHANGING)
    ]
    if not bad:
        return _reported(state)
    # The snapshot extension first: it is the one that backups need.
    bad.sort(key=lambda one: (not is_snapshot(one.type), one.provisioning_state != "Failed", one.name))
    first = bad[0]
    why = f"The extension {first.type} is in the provisioning state {first.provisioning_state}"
    evidence = [fact for one in bad for fact in (one.fact("provisioning_state"), one.fact("message"))]
    failed = first.provisioning_state == "Failed"
    stuck = is_snapshot(first.type) and (failed or not backup_running(state))
    fix = Fix("azure_vm_extension", id=state.vm.id) if stuck else None
    if failed and (is_snapshot(first.type) or state.vm.provisioning_state == "Failed"):
        return fail(why, *evidence, fix=fix)
    return warn(why, *evidence, fix=fix)


def _reported(state: AzureState) -> Verdict:
    """What the snapshot extension says of its last work: where its disks are managed, it is no resource."""
    failed = [one for one in state.extensions if is_snapshot(one.type) and one.get("reported") == "failed"]
    if failed:
        evidence = [fact for one in failed for fact in (one.fact("reported"), one.fact("message"))]
        fix = None if backup_running(state) else Fix("azure_vm_extension", id=state.vm.id)
        return warn(f"The extension {failed[0].type} reports that its last work failed", *evidence, fix=fix)
    return ok(*(one.fact("provisioning_state") for one in state.extensions))
