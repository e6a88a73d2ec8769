# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a guest's metadata service says of its virtual machine, as a part of the machine's state in Azure."""

from __future__ import annotations

from collections.abc import Mapping

from ._engine._state import GuestState, MissingFact

READ_FROM = "metadata service: compute"
_SAME = ("location", "size", "vm_id", "computer_name", "security_type")


def machine(guest: Mapping) -> dict | None:
    """The part of the state; None where the service did not answer. What the service does not say is not in it."""
    try:
        compute = GuestState(guest).find("fabric.imds.instance.compute").as_dict()
        vm = {name: compute[name] for name in _SAME if name in compute}
        told: dict = {"vm": {**vm, "id": compute.get("resource_id"), "read_from": READ_FROM}}
        if "disks" in compute:
            told["disks"] = [{**disk, "read_from": READ_FROM} for disk in compute["disks"]]
        return told
    except (MissingFact, AttributeError, TypeError):  # It did not answer, or the state is damaged.
        return None
