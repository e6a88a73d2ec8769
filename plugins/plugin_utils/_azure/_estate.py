# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of machines.kql by what they are, and what the principal may read at all."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping

from .._engine import _gaps
from ._error import AzureError
from ._values import key, now, part

MACHINE = "microsoft.compute/virtualmachines"
EXTENSION = "microsoft.compute/virtualmachines/extensions"
DISK = "microsoft.compute/disks"
POINTS = "microsoft.compute/restorepointcollections"
INTERFACE = "microsoft.network/networkinterfaces"

LATE = "Resource Graph does not show it yet"


class Estate:
    """Machines with their parts, and what they share, by id."""

    def __init__(self, rows: Iterable[Mapping]):
        self.read_at = now()
        self.machines: dict[str, Mapping] = {}
        self.shared: dict[str, Mapping] = {}
        self.disks: dict[str, Mapping] = {}
        self.rights: dict[str, list[Mapping] | AzureError] = {}
        """By subscription: what the principal may do there, or why that could not be read."""
        for row in rows:
            if row["type"].lower() != MACHINE:
                self.shared[key(row["id"])] = row
                continue
            self.machines[key(row["id"])] = row
            # A shared disk is a part of the machine that attached it first.
            self.disks.update({key(one["id"]): one for one in parts(row, DISK)})

        self._made: dict[str, dict] = {}

    def made(self, id_: str, make: Callable[[Mapping], dict]) -> dict:
        """What is made of a shared resource: once, for all machines."""
        if id_ not in self._made:
            self._made[id_] = make(self.shared[id_])
        return self._made[id_]

    @property
    def subscriptions(self) -> list[str]:
        return sorted({row["subscriptionId"].lower() for row in self.machines.values()})

    def may(self, permission: str, subscription: str) -> bool:
        """The principal may read such resources everywhere in the subscription, as far as is known."""
        rights = self.rights.get(subscription.lower(), ())
        return not isinstance(rights, AzureError) and any(
            _covers(right.get("actions"), permission) and not _covers(right.get("notActions"), permission)
            for right in rights
        )

    def unseen(self, permission: str, resource_id: str) -> str:
        """Why Resource Graph does not show a resource: what may not be read is left out of its answers."""
        place = part(resource_id, "subscriptions")
        rights = self.rights.get(place.lower())
        # Who may not even read the own permissions most likely lacks this one as well.
        if isinstance(rights, AzureError) and not rights.permission:
            return rights.reason
        return LATE if self.may(permission, place) else _gaps.forbidden(permission)


def parts(row: Mapping, kind: str) -> list[Mapping]:
    """The parts of a machine that are of one type."""
    return [one for one in row.get("parts") or () if one["type"].lower() == kind]


def _covers(actions: Iterable[str] | None, permission: str) -> bool:
    return any(fnmatch.fnmatchcase(permission.lower(), action.lower()) for action in actions or ())
