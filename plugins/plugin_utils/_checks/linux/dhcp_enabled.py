# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The primary interface gets its address by DHCP, as the platform expects."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, ok, unknown, warn
from ..._engine._state import GuestState
from .._fabric import answer, reached
from ._conf import setting

CHECK = Check(
    title="The primary interface uses DHCP",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("guest_firewall",),
    error_codes=(
        "GuestAgentSnapshotTaskStatusError",
        "ExtensionOperationFailedForManagedDisks",
    ),
    source="article, note in issue 1; azure-docs: the snapshot status can't be retrieved",
)


def judge(state: GuestState) -> Verdict:
    primary, there = state.dhcp.primary, reached(state)
    method = Evidence(f"{primary.origin}: {primary.interface}", primary.method)
    if primary.method == "dhcp":
        return ok(method)
    if primary.method is None:
        if there or state.dhcp.get("lease"):
            return ok(method, why="No file says how the primary interface is configured; it works")
        return unknown("No file that could be read says how the primary interface gets its address", method)
    evidence = [Evidence(f"{primary.origin}: {primary.interface}", ", ".join(primary.static_addresses) or "static")]
    if there and _several_addresses(state):
        return ok(*evidence, why="A machine with several addresses is configured statically; the fabric is reached")
    why = "The primary interface has a static address"
    if there:
        return warn(f"{why}; the fabric is reached all the same", *evidence)
    if _known_endpoint(state):
        evidence.append(setting(state, "Protocol.EndpointDiscovery"))
        return warn(f"{why}; the agent does not need DHCP to find the wire server", *evidence)
    if there is None:
        return warn(f"{why}; whether the fabric is reached is not known", *evidence)
    return fail(f"{why}, and the fabric is not reached: addresses belong into the platform's settings", *evidence)


def _several_addresses(state: GuestState) -> bool:
    """The platform itself gave the interface further addresses: DHCP hands out the first only."""
    imds = answer(state, "imds")
    instance = imds.get("instance") if imds else None
    return bool(instance and instance.further_addresses)


def _known_endpoint(state: GuestState) -> bool:
    conf = state.get("conf")
    return bool(conf and conf.get("settings")) and conf.settings["Protocol.EndpointDiscovery"].value != "dhcp"
