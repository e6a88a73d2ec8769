# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent was set up for this virtual machine.

The agent keeps the id of its virtual machine. On a machine that was made from a copy of another one's disk the id and
the rest of the agent's settings may still be the other one's, and extensions then do not run.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Source, Stage, Verdict, not_applicable, ok, warn
from ..._facts._types import WindowsState
from .._pages import IMDS

CHECK = Check(
    title="The agent was set up for this virtual machine",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("identity.vm_id", "fabric.imds"),
    advice=(
        "Install the agent anew. For further machines generalize the disk with sysprep before it is copied, or create "
        "the machine from a restore point or a specialized image."
    ),
    sources=(IMDS, Source("Extensions after a copy of the disk", "https://github.com/Azure/WindowsVMAgent/issues/17")),
)


def judge(state: WindowsState) -> Verdict:
    kept = state.identity.vm_id
    instance = state.fabric.imds.instance
    there = instance.compute.vm_id if instance is not None else None
    if not kept.value or not there:
        return not_applicable("There are no two ids to compare")
    machine = str(state.identity.get("machine_uuid") or "").lower()
    if kept.value.lower() in (there.lower(), machine):
        return ok(kept.fact("value"))
    told = Evidence(f"{state.fabric.imds.origin}: vmId", there)
    return warn("The agent was set up for another virtual machine", kept.fact("value"), told)
