# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent caches the wire server's address in its directory and uses it before any other. A wrong one, often from
another cloud, cuts it off."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, fail, ok, warn
from ..._facts._types import LinuxState
from .._fabric import wire_address
from .._pages import agent_file
from ._agent_log import logged

CHECK = Check(
    title="The agent's cached wire server address is right",
    severity=INFO,
    stage=Stage.ADDRESS,
    needs=("dhcp.cached_endpoint",),
    explained_by=("dhcp_option_245",),
    sources=(agent_file("azurelinuxagent/common/protocol/util.py"),),
    advice=("Remove /var/lib/waagent/WireServerEndpoint and restart the agent: it finds the address again."),
)


def judge(state: LinuxState) -> Verdict:
    cached = state.dhcp.cached_endpoint
    if cached is None:
        return ok(why="The agent has cached no address and uses the known one")
    if cached.value in ("", wire_address(state)):
        return ok(cached.fact("value"))
    why = f"The agent has cached another wire server: {cached.value}"
    line = logged(state, "goal_state_unreadable") if "agent" in state else None
    return fail(why, cached.fact("value"), line) if line else warn(why, cached.fact("value"))
