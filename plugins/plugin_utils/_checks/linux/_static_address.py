# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a primary interface with a static address becomes one with DHCP alone."""

from __future__ import annotations

from ..._engine._model import ByHand, Fix, by_hand
from ..._facts._types import LinuxState

KEEP_FURTHER = (
    "Let the interface take its primary address by DHCP. Keep the other static addresses in the guest if they are"
    " secondary IP configurations of the network interface in Azure, and remove them otherwise."
)
REMOVE = "Remove the primary address from the interface's static addresses: DHCP is on already."


def to_dhcp(state: LinuxState) -> Fix | ByHand:
    """The remedy where it is clear which address goes: the only one."""
    primary = state.dhcp.primary
    if primary.method == "dhcp":
        return by_hand(REMOVE)
    return by_hand(KEEP_FURTHER) if len(set(primary.static_addresses)) > 1 else Fix("guest_dhcp")
