# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The DHCP lease names the wire server in option 245.

An agent with no route for the wire server's address takes that address from option 245 of the lease. Where the option
is missing it asks by DHCP again and again, for up to an hour, before any extension runs. An agent that is told the
address, and one whose wire server answers, do without.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, unknown, warn
from ..._facts._types import LinuxState
from .._codes import NO_STATUS
from .._fabric import reached, wire_address
from .._pages import FABRIC_ADDRESS, TROUBLESHOOT_AGENT, agent_file

CHECK = Check(
    title="The DHCP lease names the wire server",
    severity=WARNING,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary", "dhcp.lease"),
    explained_by=("wire_route",),
    error_codes=NO_STATUS,
    sources=(TROUBLESHOOT_AGENT, agent_file("azurelinuxagent/common/dhcp.py"), FABRIC_ADDRESS),
    advice="Renew the lease (`networkctl renew eth0`, `nmcli device reapply eth0` or `dhclient -r eth0; dhclient eth0`)"
    " and restart the agent. If the option stays away, find the DHCP server other than Azure's, or the supersede and"
    " request lines of the DHCP client's configuration.",
)


def judge(state: LinuxState) -> Verdict:
    lease, primary, there = state.dhcp.lease, state.dhcp.primary, reached(state)
    if primary.method == "static":
        return not_applicable("The primary interface has a static address: dhcp_enabled judges that")
    if lease is None:
        if there:
            return ok(why="No lease file was found where clients keep them; the wire server answers")
        return unknown("No lease file was found where clients keep them")
    if not lease.keeps_options:
        return not_applicable("This DHCP client does not keep option 245 in a file")
    evidence = Evidence(f"{lease.origin}: option 245", lease.option_245 or "none")
    if lease.option_245 == wire_address(state):
        if lease.expired and there is False:
            return warn("The DHCP lease has expired", evidence, lease.fact("expires"))
        return ok(evidence)
    if lease.option_245 is None:
        why = "The DHCP lease does not name the wire server (no option 245)"
    else:
        why = f"The DHCP lease names another wire server: {lease.option_245}"
    if there is False and not _has_a_known_way(state):
        return fail(f"{why}, and the wire server does not answer", evidence)
    return warn(f"{why}; the agent has other ways to find it", evidence)


def _has_a_known_way(state: LinuxState) -> bool:
    """The agent asks the lease only without a route for this address and without static discovery."""
    route = state.fabric.get("route") if state.get("fabric") else None
    conf = state.get("conf")
    static = conf and conf.get("settings") and conf.settings["Protocol.EndpointDiscovery"].value != "dhcp"
    return bool(static or (route and route.explicit))
