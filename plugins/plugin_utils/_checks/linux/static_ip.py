# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A primary address that is written into network files as well does not follow when Azure changes it, and the guest
is then cut off."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from .._fabric import instance
from .._pages import PREPARE
from ._pages import VM_ASSIST_LINUX
from ._static_address import to_dhcp

CHECK = Check(
    title="The primary address comes from DHCP alone",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("dhcp_enabled",),
    remedies=("guest_dhcp",),
    sources=(
        VM_ASSIST_LINUX,
        PREPARE,
    ),
    advice=("Let the interface take its address by DHCP, and set static addresses in Azure, not in the guest."),
)


def judge(state: LinuxState) -> Verdict:
    primary = state.dhcp.primary
    written = primary.static_addresses
    evidence = Evidence(f"{primary.origin}: {primary.interface}", ", ".join(written) or "no address")
    machine = instance(state)
    if machine and machine.further_addresses:
        # Further addresses reach the guest by no other way than its files.
        return ok(evidence)
    current = primary.addresses or []
    if primary.method == "static" or set(written) & set(current[:1]):
        why = "The primary interface's address is written into a network file of the guest"
        return warn(why, evidence, fix=to_dhcp(state))
    return ok(evidence)
