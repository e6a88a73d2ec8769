# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The locks in force on a virtual machine and its restore points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._facts._types import AzureState
from ._place import region

if TYPE_CHECKING:
    from ..._facts._types import AzureLocks


def on_points(state: AzureState) -> list[AzureLocks]:
    """The locks that apply to restore points of Azure Backup."""
    places = [one.id for one in state.points.collections if one.of_backup] or _first_place(state)
    return [lock for lock in state.locks if any(applies(lock.scope, place) for place in places)]


def _first_place(state: AzureState) -> list[str]:
    """The group in which Azure Backup will make the first points of a protected machine."""
    policy = state.get("policy")
    if policy is None:
        return []
    default = f"AzureBackupRG_{region(state.vm.location)}_1"
    name = f"{policy.points_prefix}1{policy.points_suffix or ''}" if policy.points_prefix else default
    return [f"/subscriptions/{state.vm.subscription}/resourceGroups/{name}"]


def applies(scope: str, resource_id: str) -> bool:
    """A lock on that scope applies to the resource."""
    return f"{resource_id.lower()}/".startswith(f"{scope.lower().rstrip('/')}/")
