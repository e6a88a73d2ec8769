# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of a virtual machine in its vaults, and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._facts._types import AzureState
from ..._facts.azure.protection import UNORDERED

if TYPE_CHECKING:
    from ..._facts._types import AzureProtectionItems

STOPPED = (*UNORDERED, "ProtectionError")


def active(state: AzureState) -> list[AzureProtectionItems]:
    """Its items that are not deleted."""
    return [item for item in state.protection.items if not item.soft_deleted]


def ordered(state: AzureState) -> bool:
    """A vault backs it up by a schedule, or that is not known. Else the code of its last job is of another time."""
    return state.get("protection") is None or any(item.protection_state not in UNORDERED for item in active(state))


def succeeded(state: AzureState) -> bool:
    """The last backup is known to have made a recovery point."""
    known = state.get("protection") is not None
    return known and any(item.last_status in ("Completed", "CompletedWithWarnings") for item in active(state))
