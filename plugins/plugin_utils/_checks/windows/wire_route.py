# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packets to the wire server leave by the primary interface with its primary address: only those are answered."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from .._fabric import wire_address

CHECK = Check(
    title="Packets to the wire server leave by the primary interface",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    explained_by=("dhcp_enabled",),
    source="WALinuxAgent issues 190, 512, 758 and 968",
)


def judge(state: GuestState) -> Verdict:
    """Whether Windows has a way to the fabric, and whether nothing sends it elsewhere."""
    way, wire = state.fabric.route, state.fabric.wire_http
    if wire.connected:
        return ok(way.fact("source"))
    if way.error:
        return fail(f"Windows has no route to the fabric: {way.error}", way.fact("error"))
    address = wire_address(state)
    own = [entry for entry in state.fabric.get("persistent_routes") or [] if entry.startswith(f"{address},")]
    gateways = [gateway for adapter in state.dhcp.interfaces if adapter.up for gateway in adapter.gateways]
    wrong = [entry for entry in own if entry.split(",")[2:3] and entry.split(",")[2] not in gateways]
    if wrong:
        return fail(
            "A persistent route sends the fabric's address to a gateway that no adapter has",
            Evidence("PersistentRoutes", wrong),
            Evidence("gateways", gateways),
        )
    return ok(way.fact("source"))
