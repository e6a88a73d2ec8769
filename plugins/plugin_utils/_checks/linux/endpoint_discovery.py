# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent understands how it is told to look for the wire server.

``Protocol.EndpointDiscovery=static`` lets an agent take the known address of the wire server without DHCP, since agent
2.14. The daemon looks for the wire server, and that is the installed version, whatever was downloaded: an older one
ignores the key, and with a static address in the guest stays without a wire server.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import agent_issue
from .._versions import version
from ._conf import setting
from ._pages import AGENT_README

SINCE = "2.14"

CHECK = Check(
    title="The agent understands its value of Protocol.EndpointDiscovery",
    severity=INFO,
    stage=Stage.ADDRESS,
    needs=("conf.settings",),
    explained_by=("agent_installed",),
    sources=(
        AGENT_README,
        agent_issue(2781, "an agent without DHCP is never ready"),
        agent_issue(3339, "a known address in place of DHCP"),
    ),
    advice=f"Upgrade the agent's package to {SINCE} or later, or return the primary interface to DHCP.",
)


def judge(state: LinuxState) -> Verdict:
    evidence = setting(state, "Protocol.EndpointDiscovery")
    if state.conf.settings["Protocol.EndpointDiscovery"].value == "dhcp":
        return ok(evidence)
    agent = state.get("agent")
    installed: Facts | None = agent.get("installed") if agent else None
    primary = state.dhcp.get("primary") if state.get("dhcp") else None
    static = primary is not None and primary.method == "static"
    if static and installed is not None and version(installed.version) < version(SINCE):
        why = f"The installed agent {installed.version} is older than {SINCE} and ignores Protocol.EndpointDiscovery"
        key = f"The installed agent is older than {SINCE} and ignores Protocol.EndpointDiscovery"
        return warn(why, evidence, installed.fact("version"), key=key)
    return ok(evidence, why="The agent takes the known address of the wire server without DHCP")
