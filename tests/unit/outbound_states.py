# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks with rules and routes, for checks of a machine's way out."""

from azure_states import azure_state

DENY = {
    "group": "lockdown",
    "name": "deny-out",
    "priority": 1000,
    "protocol": "*",
    "destinations": ["Internet"],
    "ports": ["*"],
}
ALLOW = {
    **DENY,
    "name": "allow-storage",
    "priority": 200,
    "protocol": "Tcp",
    "destinations": ["Storage"],
    "ports": ["443"],
}


def network(**change):
    """The healthy machine's network with other rules or routes."""
    found = azure_state()["network"]
    found["interfaces"][0].update(change)
    return found
