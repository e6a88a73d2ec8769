# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No Npcap loopback adapter keeps the agent from finding the fabric."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, ok
from ..._engine._state import GuestState
from . import _signs

CHECK = Check(
    aliases=("win_npcap_loopback",),
    title="No Npcap loopback adapter disturbs the agent",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.interfaces",),
    source="Microsoft, troubleshooting the Windows Azure guest agent, Npcap",
)


def judge(state: GuestState) -> Verdict:
    adapters = [
        Evidence("network adapter", f"{adapter.name} ({adapter.description})")
        for adapter in state.dhcp.interfaces
        if adapter.up and "npcap loopback" in f"{adapter.name} {adapter.description}".lower()
    ]
    agent = state.get("agent")
    failed = _signs.in_agent_log(
        state, r"did not discover fabric address on interface .*npcap", r"\] +discovered fabric address"
    )
    if agent is None or not failed:
        return ok(*adapters, why="An Npcap loopback adapter is there and does no harm" if adapters else "")
    # The lines alone are harmless: the agent tries every adapter and goes on to the next.
    if adapters or not _reached(state):
        return fail(
            "The agent looks for the fabric on the Npcap loopback adapter and finds it nowhere", *adapters, *failed
        )
    return ok(*failed)


def _reached(state: GuestState) -> bool:
    wire = state.get("fabric", {}).get("wire_http")
    return wire is None or wire.connected
