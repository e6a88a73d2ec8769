# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wire server's address that the agent remembers is the right one."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from .._fabric import wire_address
from ._agent import logged

CHECK = Check(
    title="The agent remembers the right wire server",
    severity=INFO,
    stage=Stage.ADDRESS,
    needs=("dhcp.cached_endpoint",),
    explained_by=("dhcp_option_245",),
    source="WALinuxAgent: WireServerEndpoint in its working directory",
)


def judge(state: GuestState) -> Verdict:
    cached = state.dhcp.cached_endpoint
    if cached is None:
        return ok(why="The agent has not written down an address: it takes the known one")
    if cached.value in ("", wire_address(state)):
        return ok(cached.fact("value"))
    why = f"The agent remembers another wire server: {cached.value}"
    line = logged(state, "goal_state_unreadable") if "agent" in state else None
    return fail(why, cached.fact("value"), line) if line else warn(why, cached.fact("value"))
