# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent learns from the wire server what Azure wants of the guest. Its first request is for the list of protocol
versions."""

from __future__ import annotations

from typing import cast

from ..._engine._model import CRITICAL, WINDOWS, Check, Evidence, Stage, Verdict, by_hand, fail, ok, unknown, warn
from ..._engine._state import GuestState
from ..._facts._types import WindowsState
from .._codes import NO_REPORT
from .._fabric import ONLY_ROOT, by_log, hidden
from .._fabric_answers import OF_THE_HOST, refuses, slow, troubled
from .._pages import FABRIC_ADDRESS, METADATA_SECURITY, agent_file
from ..windows._agents_report import refused

CHECK = Check(
    title="The wire server answers on TCP port 80",
    severity=CRITICAL,
    stage=Stage.FABRIC,
    explained_by=(
        "wire_route",
        "dhcp_option_245",
        "multi_ip_primary",
    ),
    error_codes=(*NO_REPORT, "ExtensionSnapshotFailedNoNetwork"),
    sources=(
        FABRIC_ADDRESS,
        METADATA_SECURITY,
        agent_file("azurelinuxagent/common/protocol/wire.py"),
    ),
    advice=(
        "Let packets to 168.63.129.16, TCP port 80, leave the guest: by the primary interface, from its "
        "primary address, without a proxy."
    ),
)

LET_AGENT_THROUGH = (
    "Run 'az vm show --resource-group <group> --name <vm> --query securityProfile.proxyAgentSettings'. If the mode of "
    "wireServer is Enforce, set it to Audit and restart the service GuestProxyAgent in the guest; the agent has to be "
    "among the processes that its allow list names."
)


def judge(state: GuestState) -> Verdict:
    line = by_log(state, "wire_unanswered", "wire_refused", "wire_no_route")
    if line:
        return fail("The agent could not reach the wire server in its last attempt", line)
    wire = state.fabric.wire_http
    connect = Evidence(f"tcp {wire.address}:{wire.port}: connect", wire.error or "connected")
    if not wire.connected:
        if hidden(state):
            return unknown(ONLY_ROOT, connect)
        return fail(f"The wire server cannot be reached on TCP port {wire.port}: {wire.error}", connect)
    if wire.is_version_list:
        if late := slow(wire):
            return warn("The wire server was reached after several attempts only", late, key="slow")
        return ok(wire.fact("status"))
    if refuses(wire) and (line := _refused_agent(state)):
        return fail("The wire server refuses the agent", wire.fact("status"), line, fix=by_hand(LET_AGENT_THROUGH))
    if refuses(wire):
        return ok(
            wire.fact("status"), why="The wire server answers and refuses this caller; the agent is judged by its log"
        )
    if wire.answer_error:
        why = f"The wire server's port accepts connections but does not answer: {wire.answer_error}"
        return fail(why, connect, wire.fact("answer_error"))
    if wire.status == 200:
        return fail(
            "Something between the guest and the Azure host answers in place of the wire server",
            wire.fact("status"),
            Evidence(f"{wire.origin}: body", "no list of versions"),
            *([wire.fact("via")] if wire.via else []),
        )
    if troubled(wire):
        why = f"The wire server answers with an error: status {wire.status}"
        return warn(why, wire.fact("status"), fix=OF_THE_HOST)
    return fail(f"The wire server answers with status {wire.status}", wire.fact("status"))


def _refused_agent(state: GuestState) -> Evidence | None:
    """What the agent on Windows says of being refused itself."""
    return refused(cast(WindowsState, state)) if state["platform"] == WINDOWS else None
