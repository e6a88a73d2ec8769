# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guest's metadata service says of its virtual machine, as a part of the machine's state in Azure."""

from __future__ import annotations

from collections.abc import Mapping

READ_FROM = "metadata service: compute"
_SAME = ("location", "size", "vm_id", "computer_name", "security_type")


def machine(guest: Mapping) -> dict | None:
    """The part of the state; None where the service did not answer. What the service does not say is not in it."""
    instance = ((guest.get("fabric") or {}).get("imds") or {}).get("instance") or {}
    compute = instance.get("compute")
    if not compute:
        return None
    named = {"id": compute.get("resource_id"), **compute}
    vm = {
        name: named[name]
        for name in ("id", "location", "size", "vm_id", "computer_name", "security_type")
        if name in named
    }
    disks = [{**disk, "read_from": READ_FROM} for disk in compute.get("disks", ())]
    return {"vm": {**vm, "read_from": READ_FROM}, **({"disks": disks} if "disks" in compute else {})}
