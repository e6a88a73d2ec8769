# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Azure Backup needs a machine whose last change has ended well. A failed extension is the usual reason for another
state."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, fail, ok, unknown, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_AGENT, TROUBLESHOOT_BACKUP

CHECK = Check(
    title="The last change of the virtual machine succeeded",
    severity=CRITICAL,
    stage=Stage.MACHINE,
    needs=("vm.provisioning_state",),
    explained_by=("extension_provisioning",),
    error_codes=(
        "UserErrorVmProvisioningStateFailed",
        "UserErrorVmNotInDesirableState",
        "VmNotInDesirableState",
        "OSProvisioningClientError",
        "AllocationFailed",
        "UserErrorSkuNotAvailable",
    ),
    remedies=("azure_vm_power",),
    sources=(TROUBLESHOOT_AGENT, TROUBLESHOOT_BACKUP),
    advice="Apply the machine's model again (az vm reapply) after the extension that failed was removed.",
)

CHANGING = ("Creating", "Updating", "Migrating")


def judge(state: AzureState) -> Verdict:
    evidence = state.vm.fact("provisioning_state")
    current = state.vm.provisioning_state
    if current in ("Failed", "Deleting"):
        # Without the extension that failed it is still Failed, until its model is applied again.
        fix = Fix("azure_vm_power", own=True, id=state.vm.id, reapply=True) if current == "Failed" else None
        return fail(f"The machine's provisioning state is {current}", evidence, fix=fix)
    if current is None:
        return unknown("Azure does not say how the last change ended", evidence)
    if current in CHANGING:
        return warn(f"The machine is being changed: its provisioning state is {current}", evidence)
    if current != "Succeeded":
        return warn(f"The machine's provisioning state is {current}", evidence)
    return ok(evidence)
