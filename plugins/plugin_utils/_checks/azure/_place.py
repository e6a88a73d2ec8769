# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a virtual machine is, and what has to be there too."""

from __future__ import annotations

from ..._facts._types import AzureState


def region(name: str) -> str:
    """The name of a region for comparison: Azure writes it in two ways, as westeurope and as West Europe."""
    return name.replace(" ", "").lower()


def same_region(state: AzureState, location: str) -> bool:
    return region(location) == region(state.vm.location)


def same_subscription(state: AzureState, id_: str) -> bool:
    return id_.lower() == state.vm.subscription.lower()
