# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deallocated machine is backed up without its guest. One that was shut down from inside is still allocated: Azure
may wait for a guest that does not answer."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Effect, Stage, Verdict, ok, unknown, warn
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
    sources=(TROUBLESHOOT_AGENT, STATES),
    advice="Start the machine, or stop it from Azure so that it is deallocated (az vm deallocate).",
)


def judge(state: AzureState) -> Verdict:
    power = state.vm.power
    if power is None:
        return unknown("Azure does not say whether the machine runs")
    evidence = state.vm.fact("power")
    if power in ("stopped", "stopping"):
        return warn("The machine was shut down from inside and is still allocated", evidence, effect=Effect.OFF)
    if power in ("deallocated", "deallocating"):
        return ok(evidence, why="Deallocated: backed up without its guest", effect=Effect.OFF)
    return ok(evidence)
