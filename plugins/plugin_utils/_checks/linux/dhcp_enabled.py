# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The primary interface gets its address by DHCP.

Azure gives a VM its address, its routes and, in option 245, the address of the wire server by DHCP. With a static
address in the guest the agent may not find the wire server, and then neither downloads nor runs an extension. A static
address whose wire server answers, several addresses on one interface, and an agent that is told the wire server's
address do not fail by this.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, ok, unknown, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._codes import NO_STATUS
from .._fabric import answer, reached
from .._pages import STATIC_ADDRESS, TROUBLESHOOT_AGENT
from ._conf import setting
from ._static_address import to_dhcp

CHECK = Check(
    title="The primary interface uses DHCP",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("guest_firewall",),
    error_codes=NO_STATUS,
    remedies=("guest_dhcp",),
    sources=(TROUBLESHOOT_AGENT, STATIC_ADDRESS),
    advice="Set the static address on the network interface in Azure, not in the guest. Then return the guest's"
    " interface to DHCP (netplan: dhcp4: true; ifcfg: BOOTPROTO=dhcp; NetworkManager: ipv4.method auto).",
)

WAIT = (
    "Wait until the old configuration is back, and run the fix again. To keep the new one, confirm it:"
    " guest_dhcp with state=confirmed and this run_id."
)


def judge(state: LinuxState) -> Verdict:
    primary = state.dhcp.primary
    if primary.get("on_trial"):
        return _on_trial(primary)
    method = Evidence(f"{primary.origin}: {primary.interface}", primary.method)
    if primary.method == "dhcp":
        return ok(method)
    if primary.method is not None:
        return _static(state, primary)
    if reached(state) or state.dhcp.get("lease"):
        return ok(method, why="No file says how the primary interface is configured; it works")
    return unknown("No file that could be read says how the primary interface gets its address", method)


def _on_trial(primary: Facts) -> Verdict:
    run = primary.on_trial.split("/")[-2]
    return warn(
        f"The configuration of {primary.interface} is on trial: the change of run {run} is not confirmed",
        Evidence(primary.on_trial, "present"),
        key="The configuration of the primary interface is on trial: its change is not confirmed",
        fix=by_hand(WAIT),
    )


def _static(state: LinuxState, primary: Facts) -> Verdict:
    there, addresses = reached(state), ", ".join(primary.static_addresses)
    evidence = [Evidence(f"{primary.origin}: {primary.interface}", addresses or "static")]
    if there and _several_addresses(state):
        return ok(*evidence, why="A machine with several addresses is configured statically; the wire server answers")
    trouble = warn
    if there:
        effect = "the wire server answers nevertheless"
    elif _known_endpoint(state):
        evidence.append(setting(state, "Protocol.EndpointDiscovery"))
        effect = "the agent does not need DHCP to find the wire server"
    elif there is None:
        effect = "whether the wire server answers is not known"
    else:
        trouble, effect = fail, "the wire server does not answer"
    shown = f" ({addresses})" if addresses else ""
    return trouble(
        f"The primary interface {primary.interface} has a static address{shown}; {effect}",
        *evidence,
        key=f"The primary interface has a static address; {effect}",
        fix=to_dhcp(state),
    )


def _several_addresses(state: LinuxState) -> bool:
    """Azure itself gave the interface further addresses: DHCP hands out the first only."""
    imds = answer(state, "imds")
    instance = imds.get("instance") if imds else None
    return bool(instance and instance.further_addresses)


def _known_endpoint(state: LinuxState) -> bool:
    conf = state.get("conf")
    return bool(conf and conf.get("settings")) and conf.settings["Protocol.EndpointDiscovery"].value != "dhcp"
