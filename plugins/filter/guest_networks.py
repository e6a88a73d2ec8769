# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress


def guest_networks(states):
    """See guest_networks.yml."""
    found: set[ipaddress.IPv4Network] = set()
    for state in states:
        dhcp = state.get("dhcp") or {}
        primary = {str(address).partition("/")[0] for address in (dhcp.get("primary") or {}).get("addresses") or ()}
        addresses = [one for interface in dhcp.get("interfaces") or () for one in interface.get("addresses") or ()]
        found.update(
            ipaddress.IPv4Network(f"{one['address']}/{one['prefix']}", strict=False)
            for one in addresses
            if one["address"] in primary
        )
    return [str(network) for network in ipaddress.collapse_addresses(found)]


class FilterModule:
    def filters(self):
        return {"guest_networks": guest_networks}
