# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the agent looks for the wire server fits its version."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok, warn
from ..._engine._state import GuestState
from .._versions import version
from ._conf import setting

SINCE = "2.14"

CHECK = Check(
    title="The agent's way to the wire server's address",
    severity=INFO,
    stage=Stage.ADDRESS,
    needs=("conf.settings",),
    explained_by=("agent_installed",),
    source="WALinuxAgent issue 2781; Protocol.EndpointDiscovery exists since agent 2.14",
)


def judge(state: GuestState) -> Verdict:
    evidence = setting(state, "Protocol.EndpointDiscovery")
    if state.conf.settings["Protocol.EndpointDiscovery"].value == "dhcp":
        return ok(evidence)
    installed = state.agent.get("installed") if state.get("agent") else None
    primary = state.dhcp.get("primary") if state.get("dhcp") else None
    old = installed and installed.version and version(installed.version) < version(SINCE)
    # The daemon looks for the wire server, and that is the installed version, whatever was downloaded.
    if old and primary and primary.method == "static":
        why = f"The installed agent is older than {SINCE} and ignores Protocol.EndpointDiscovery"
        return warn(why, evidence, installed.fact("version"))
    return ok(evidence, why="The agent takes the known address of the wire server without DHCP")
