# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension of a virtual machine. The next backup installs it again."""

from __future__ import annotations

from typing import Any

from .._api_versions import COMPUTE
from .._values import key, last
from ._kind import Kind, Seen

PUBLISHER = "Microsoft.Azure.RecoveryServices"
TYPES = ("VMSnapshot", "VMSnapshotLinux")


class Extension(Kind):
    """Known as a resource, or only by the agent's report: a machine with managed disks need not list it."""

    name, noun = "extension", "extension"
    permanent = "the next backup installs the snapshot extension again"

    def read(self, id_: str) -> Seen:
        if listed := self.there(id_, COMPUTE):
            given = listed["properties"]
            return Seen({"type": given["type"], "state": given.get("provisioningState")})
        view = self.client.get(f"{_machine_of(id_)}/instanceView", COMPUTE)
        reported = [one for one in view.get("extensions") or () if one["name"].lower() == last(id_).lower()]
        return Seen(
            {"type": (reported[0].get("type") or last(id_)).rpartition(".")[2], "state": None} if reported else None
        )

    def write(self, id_: str, value: Any, seen: Seen) -> None:
        self.send("DELETE", id_, COMPUTE, f"Remove extension '{last(id_)}'")

    def of(self, machine_id: str) -> list[str]:
        """Ids of the snapshot extensions of a machine, whatever their names are."""
        listed = self.client.get(f"{machine_id}/extensions", COMPUTE).get("value") or ()
        view = self.client.get(f"{machine_id}/instanceView", COMPUTE)
        found = [one["name"] for one in listed if _is_snapshot(one["properties"])]
        found += [one["name"] for one in view.get("extensions") or () if _is_reported(one)]
        return list({key(name): f"{machine_id}/extensions/{name}" for name in found}.values())


def _is_snapshot(properties: dict) -> bool:
    return properties.get("publisher") == PUBLISHER and properties.get("type") in TYPES


def _is_reported(status: dict) -> bool:
    return status.get("type") in [f"{PUBLISHER}.{name}" for name in TYPES] or status.get("name") in TYPES


def _machine_of(id_: str) -> str:
    return id_.rsplit("/", 2)[0]
