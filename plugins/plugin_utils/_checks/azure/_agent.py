# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent and the extension as Azure sees them."""

from __future__ import annotations

from ..._engine._model import Verdict, not_applicable
from ..._facts._types import AzureState

_NOT_RUNNING = ("deallocated", "deallocating", "stopped", "stopping", "starting")


def not_asked(state: AzureState) -> Verdict | None:
    """The verdict where Azure has no word on the agent of today, or need not be asked for one."""
    if state.vm.power in _NOT_RUNNING:
        return not_applicable("The machine does not run")
    if "agent" not in state and state.guest is not None:
        return not_applicable("Azure was not asked for the agent, and the guest was")
    return None


def is_snapshot(type_: str) -> bool:
    """An extension of that type is the one that takes snapshots."""
    return "vmsnapshot" in type_.lower()
