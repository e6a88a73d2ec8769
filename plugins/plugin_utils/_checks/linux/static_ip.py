# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The address that the platform gives is not written into network files as well."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from .._fabric import answer

CHECK = Check(
    title="The primary address is not written into network files",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("dhcp_enabled",),
    source="VM assist for Linux: static addresses; azure-docs: networking of backed-up machines",
)


def judge(state: GuestState) -> Verdict:
    primary = state.dhcp.primary
    written = primary.static_addresses
    evidence = Evidence(f"{primary.origin}: {primary.interface}", ", ".join(written) or "no address")
    imds = answer(state, "imds")
    instance = imds.get("instance") if imds else None
    if instance and instance.further_addresses:
        # Further addresses reach the guest by no other way than its files.
        return ok(evidence)
    current = primary.addresses or []
    if primary.method == "static" or set(written) & set(current[:1]):
        return warn("The primary interface's address is written into a network file of the guest", evidence)
    return ok(evidence)
