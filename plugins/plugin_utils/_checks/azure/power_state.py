# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deallocated machine is backed up without its guest. One that was shut down from inside is still allocated: Azure
may wait for a guest that does not answer."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Effect, Fix, Stage, Verdict, by_hand, ok, unknown, warn
from ..._facts._types import AzureState
from .._pages import TROUBLESHOOT_AGENT
from ._pages import STATES

CHECK = Check(
    title="Azure and the guest agree on whether the machine runs",
    severity=CRITICAL,
    stage=Stage.MACHINE,
    needs=("vm.power",),
    error_codes=(
        "GuestAgentSnapshotTaskStatusError",
        "UserErrorVmNotInDesirableState",
        "VmNotInDesirableState",
        "AzureVmOffline",
    ),
    through_agent=True,
    remedies=("azure_vm_power",),
    sources=(TROUBLESHOOT_AGENT, STATES),
    advice="Start the machine, or stop it from Azure so that it is deallocated (az vm deallocate).",
)

AGAIN = by_hand(
    "Read Azure again: the machine's guest answers. If Azure still shows it as stopped, restart it from Azure."
)


def judge(state: AzureState) -> Verdict:
    power = state.vm.power
    if power in (None, "unknown"):
        return unknown("Azure does not say whether the machine runs")
    evidence = state.vm.fact("power")
    if power == "stopped" and state.guest is not None:
        return warn("Azure shows the machine as stopped, and its guest answers", evidence, fix=AGAIN)
    if power in ("stopped", "stopping"):
        fix = Fix("azure_vm_power", id=state.vm.id, state="deallocated") if power == "stopped" else None
        return warn(
            "The machine was shut down from inside and is still allocated", evidence, fix=fix, effect=Effect.OFF
        )
    if power in ("deallocated", "deallocating") and _has_answered_since(state):
        return warn("Azure shows the machine as deallocated, and its guest has answered since", evidence, fix=AGAIN)
    if power in ("deallocated", "deallocating"):
        return ok(evidence, why="Deallocated: backed up without its guest", effect=Effect.OFF)
    return ok(evidence)


def _has_answered_since(state: AzureState) -> bool:
    """What Azure said is older than the answer of the guest, which runs."""
    guest = state.guest
    return guest is not None and guest.live and str(guest.get("captured")) > str(state.captured)
