# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The primary interface gets its address by DHCP.

Azure gives a VM its address, its routes and, in option 245, the address of the wire server by DHCP. With a static
address in the guest the agent may not find the wire server, and then neither downloads nor runs an extension. A static
address whose wire server answers, several addresses on one interface, and an agent that is told the wire server's
address do not fail by this. An interface that nothing brings up at boot has no address at all.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok, unknown, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._codes import NO_STATUS
from .._fabric import by_log, reached
from .._pages import STATIC_ADDRESS, TROUBLESHOOT_AGENT
from ._agent_log import message
from ._static_address import static_address

CHECK = Check(
    title="The primary interface uses DHCP",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("guest_firewall",),
    explains=("wire_http_80",),
    error_codes=NO_STATUS,
    remedies=("guest_dhcp",),
    sources=(TROUBLESHOOT_AGENT, STATIC_ADDRESS),
    advice="Set the static address on the network interface in Azure, not in the guest. Then return the guest's"
    " interface to DHCP (netplan: dhcp4: true; ifcfg: BOOTPROTO=dhcp; NetworkManager: ipv4.method auto).",
)

MANAGE = (
    "Take the interface out of unmanaged-devices in /etc/NetworkManager/conf.d (`nmcli device` shows what is"
    " unmanaged), and restart NetworkManager."
)
BRING_UP = (
    "Have the interface brought up at boot (ifcfg: ONBOOT=yes or STARTMODE=auto; NetworkManager: autoconnect=true;"
    " /etc/network/interfaces: auto), and restart the guest."
)
WAIT = (
    "Wait until the old configuration is back, and run the fix again. To keep the new one, confirm it:"
    " guest_dhcp with state=confirmed and this run_id."
)


def judge(state: LinuxState) -> Verdict:
    primary = state.dhcp.primary
    if primary.get("on_trial"):
        return _on_trial(primary)
    down = _left_down(state, primary)
    if down:
        return fail("Nothing brings the primary interface up at boot", *down, fix=by_hand(BRING_UP))
    method = Evidence(f"{primary.origin}: {primary.interface}", primary.method)
    if primary.method == "dhcp":
        left_alone = _left_alone(state)
        if left_alone:
            return fail("NetworkManager does not manage the primary interface", *left_alone, fix=by_hand(MANAGE))
        return ok(method)
    if primary.method is not None:
        return static_address(state, primary)
    if reached(state) or state.dhcp.get("lease"):
        return ok(method, why="No file says how the primary interface is configured; it works")
    return unknown("No file that could be read says how the primary interface gets its address", method)


def _left_alone(state: LinuxState) -> list[Evidence]:
    """What NetworkManager said of the interface, where the guest then had no network."""
    system, line = state.agent.get("system_log") if "agent" in state else None, by_log(state, "wire_no_route")
    entry = system.current.get("interface_not_managed") if system is not None else None
    return [message(entry, entry.origin), line] if entry and line else []


def _left_down(state: LinuxState, primary: Facts) -> list[Evidence]:
    """The place that leaves a disk's interface down, where the guest then had no network."""
    place, line = primary.get("waits"), by_log(state, "wire_no_route")
    return [Evidence(place, "not brought up at boot"), line] if place and line else []


def _on_trial(primary: Facts) -> Verdict:
    run = primary.on_trial.split("/")[-2]
    return warn(
        f"The configuration of {primary.interface} is on trial: the change of run {run} is not confirmed",
        Evidence(primary.on_trial, "present"),
        key="The configuration of the primary interface is on trial: its change is not confirmed",
        fix=by_hand(WAIT),
    )
