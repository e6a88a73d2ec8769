# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A network file that names the hardware address of the machine that this one was copied from is ignored by some
network managers: after a reboot the interface stays down."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from ._pages import VM_ASSIST_LINUX

CHECK = Check(
    aliases=("mac_mismatch",),
    title="Network files match the hardware addresses of this VM",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.pinned_macs", "dhcp.interfaces"),
    sources=(VM_ASSIST_LINUX,),
    advice=(
        "Remove the hardware address from the file, or let cloud-init write the network configuration again "
        "(`cloud-init clean --logs`, then reboot)."
    ),
)


def judge(state: LinuxState) -> Verdict:
    present = {link.mac for link in state.dhcp.interfaces}
    pinned = state.dhcp.pinned_macs
    foreign = [Evidence(pin.origin, pin.mac) for pin in pinned if pin.mac not in present]
    if not foreign:
        return ok(*[Evidence(pin.origin, pin.mac) for pin in pinned])
    return warn("A network file is bound to a hardware address that no interface of this VM has", *foreign)
