# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of Azure Backup, and what keeps a virtual machine from crash-consistent points."""

from __future__ import annotations

import functools
import re
from typing import Any

from ..._facts._types import AzureState
from ..._knowledge import rows

_SIZE = re.compile(
    r"^[a-z]+_(?P<family>[a-z]+)\d+(-\d+)?(?P<letters>[a-z]*)(_[a-z0-9]+?)??(_v(?P<version>\d+))?(_promo)?$"
)
"""A size in lower case: family, processors, letters for what it has, generation. Azure keeps it as it was written."""


@functools.cache
def limit(name: str) -> Any:
    return next(row["value"] for row in rows("azure_limits") if row["name"] == name)


def no_crash_points(state: AzureState) -> list[str]:
    """Why the service can take no crash-consistent points of this machine; empty when it can."""
    found = _of_size(state.vm.size)
    for disk in state.disks:
        kinds = {
            f"of kind {disk.sku}": disk.sku in limit("enhanced_disks"),
            "ephemeral": disk.ephemeral,
            "shared": (disk.shares or 1) > 1,
            "with write accelerator": disk.write_accelerator,
            "unmanaged": disk.unmanaged,
        }
        found += [f"disk {disk.name} is {kind}" for kind, holds in kinds.items() if holds]
    return found


def _of_size(size: str) -> list[str]:
    match = _SIZE.match(size.lower())
    if match is None:
        return [f"size {size} is not known"]
    letters = match["letters"]
    if "s" not in letters and not match["family"].endswith("s"):
        return [f"size {size} has no premium storage"]
    maker = "arm" if "p" in letters else "amd" if "a" in letters else "intel"
    if int(match["version"] or 1) >= limit("boost_generation")[maker]:
        return [f"size {size} is of a generation without crash-consistent points"]
    return []
