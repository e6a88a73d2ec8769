# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The primary network adapter gets its address by DHCP."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok, warn
from ..._engine._state import GuestState
from ._services import DISABLED

CHECK = Check(
    aliases=("win_dhcp_enabled",),
    title="The primary network adapter uses DHCP",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("guest_firewall",),
    error_codes=(
        "GuestAgentSnapshotTaskStatusError",
        "ExtensionOperationFailedForManagedDisks",
    ),
    source="article, note on DHCP in the guest; Microsoft, troubleshooting the Windows Azure guest agent",
)


def judge(state: GuestState) -> Verdict:
    primary = state.dhcp.primary
    if primary is None:
        return fail("No network adapter is up")
    reached = _reached(state)
    if primary.method == "dhcp":
        service = state.get("services", {}).get("Dhcp")
        if service is not None and service.start == DISABLED:
            judge_it = warn if reached else fail
            return judge_it("The DHCP client service is disabled: no lease is renewed", service.fact("start"))
        return ok(primary.fact("method"))
    if len(primary.addresses) > 1:
        return not_applicable("An adapter with several addresses is static by design: see win_multi_ip_primary")
    evidence = (primary.fact("method"), primary.fact("static_addresses"))
    if reached:
        return warn("The address is static in the guest; the fabric is reached all the same", *evidence)
    if reached is None:
        return warn("The address is static in the guest", *evidence)
    return fail("The address is static in the guest and the fabric is not reached", *evidence)


def _reached(state: GuestState) -> bool | None:
    wire = state.get("fabric", {}).get("wire_http")
    return None if wire is None else wire.connected
