# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The primary network adapter gets its address by DHCP.

The agent can learn the Azure host's address from DHCP option 245, and an address that the guest sets itself no longer
follows the NIC in Azure: once the two differ, Azure drops the guest's packets. A static address belongs in Azure. As
long as the Azure host is reached, a static address in the guest is only a risk. An adapter with several addresses must
be static; the check multi_ip_primary judges those.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._facts._types import WindowsState
from .._codes import NO_STATUS
from .._fabric import reached
from .._pages import STATIC_ADDRESS, TROUBLESHOOT_AGENT
from ._pages import TROUBLESHOOT_AGENT_WINDOWS
from ._services import DISABLED

CHECK = Check(
    aliases=("win_dhcp_enabled",),
    title="The primary network adapter uses DHCP",
    severity=CRITICAL,
    stage=Stage.ADDRESS,
    needs=("dhcp.primary",),
    explained_by=("guest_firewall",),
    error_codes=NO_STATUS,
    remedies=("win_guest_dhcp",),
    advice=(
        "Make the address static in Azure (NIC, IP configurations). Then let the guest use DHCP: 'netsh interface ipv4 "
        'set address name="<adapter>" source=dhcp\'; the connection drops for some seconds.'
    ),
    sources=(
        TROUBLESHOOT_AGENT_WINDOWS,
        TROUBLESHOOT_AGENT,
        STATIC_ADDRESS,
    ),
)

ENABLE_ADAPTER = (
    "Sign in by the serial console of the VM and run 'Get-NetAdapter' and 'Enable-NetAdapter -Name <adapter>'. If no "
    "adapter is listed, check the VM's NIC in Azure."
)
START_CLIENT = "Run 'sc.exe config Dhcp start= auto' and 'net start Dhcp'."


def judge(state: WindowsState) -> Verdict:
    primary = state.dhcp.primary
    if primary is None:
        down = Evidence("network adapters that are down", [one.name for one in state.dhcp.interfaces if not one.up])
        return fail("No network adapter is up", down, fix=by_hand(ENABLE_ADAPTER))
    answers = reached(state)
    if primary.method == "dhcp":
        service = state.get("services", {}).get("Dhcp")
        if service is not None and service.start == DISABLED:
            why = "The service of the DHCP client is disabled, so no lease is renewed"
            return (warn if answers else fail)(why, service.fact("start"), fix=by_hand(START_CLIENT))
        return ok(primary.fact("method"))
    if len(primary.addresses) > 1:
        return not_applicable("An adapter with several addresses must be static: see multi_ip_primary")
    evidence = (primary.fact("method"), primary.fact("static_addresses"))
    if answers is False:
        why = "The adapter's address is static in the guest, and the Azure host is not reached"
        return fail(why, *evidence, fix=Fix("win_guest_dhcp"))
    why = "The adapter's address is static in the guest" + ("; the Azure host is still reached" if answers else "")
    return warn(why, *evidence, fix=Fix("win_guest_dhcp"))
