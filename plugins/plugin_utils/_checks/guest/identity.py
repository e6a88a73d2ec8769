# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent belongs to this virtual machine.

The agent keeps the id of its virtual machine. On a machine that was made from a copy of another one's disk the id and
the rest of the agent's settings may still be the other one's, and extensions then do not run.
"""

from __future__ import annotations

from ..._engine._model import LINUX, WARNING, Check, Evidence, Source, Stage, Verdict, by_hand, not_applicable, ok, warn
from ..._engine._state import GuestState
from .._pages import IMDS, agent_file

CHECK = Check(
    title="The agent was set up for this virtual machine",
    severity=WARNING,
    stage=Stage.AGENT,
    needs=("identity.vm_id", "fabric.imds"),
    advice=(
        "Install the agent anew. For further machines generalize the disk with sysprep before it is copied, or create "
        "the machine from a restore point or a specialized image."
    ),
    sources=(
        IMDS,
        Source("Extensions after a copy of the disk", "https://github.com/Azure/WindowsVMAgent/issues/17"),
        agent_file("azurelinuxagent/pa/provision/default.py"),
    ),
)

RESTART = by_hand(
    "Restart the agent: it then clears what it keeps of the other virtual machine. For further machines run "
    "'waagent -deprovision' before the disk is copied."
)


def judge(state: GuestState) -> Verdict:
    kept, imds = state.identity.vm_id, state.fabric.imds
    there = imds.instance.compute.vm_id if kept.value and imds.instance is not None else None
    if not there:
        return not_applicable("There are no two ids to compare")
    machine = state.identity.get("machine_uuid")
    if _plain(kept.value) in {_plain(one) for one in (there, machine) if one}:
        return ok(kept.fact("value"))
    told = Evidence(f"{imds.origin}: vmId", there)
    why = "The agent was set up for another virtual machine"
    return warn(why, kept.fact("value"), told, fix=RESTART if state["platform"] == LINUX else None)


def _plain(id_: str) -> str:
    """An id for comparison. The firmware may give the bytes of its first three parts in the other order."""
    parts = id_.strip("{}").lower().split("-")
    turned = ["".join(reversed([part[at : at + 2] for at in range(0, len(part), 2)])) for part in parts[:3]]
    return min("-".join(parts), "-".join(turned + parts[3:]))
