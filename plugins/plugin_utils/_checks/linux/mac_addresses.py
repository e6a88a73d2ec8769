# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network files are not tied to the hardware address of a machine that this one was copied from."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("mac_mismatch",),
    title="Network files name no foreign hardware address",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.pinned_macs", "dhcp.interfaces"),
    source="VM assist for Linux: hardware addresses in network files",
)


def judge(state: GuestState) -> Verdict:
    present = {link.mac for link in state.dhcp.interfaces}
    pinned = state.dhcp.pinned_macs
    foreign = [Evidence(pin.origin, pin.mac) for pin in pinned if pin.mac not in present]
    if not foreign:
        return ok(*[Evidence(pin.origin, pin.mac) for pin in pinned])
    return warn("A network file is tied to a hardware address that no interface of this machine has", *foreign)
