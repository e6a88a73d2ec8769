# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which proxies each machine uses, from the states of a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping


def proxies_of(guests: Mapping[str, Mapping], machines: Mapping[str, Mapping]) -> dict[str, list[str]]:
    """``host:port`` of the proxies by the machine's id in lower case, where a guest said so.

    ``guests`` and ``machines``: states by host. Raises ValueError with the host whose state is damaged.
    """
    found = {}
    for host in machines:
        try:
            guest, id_ = guests.get(host, {}), machines[host].get("vm", {}).get("id")
        except (OSError, ValueError) as error:
            raise ValueError(f"Cannot read the state of '{host}': {error}") from error
        used = guest.get("fabric", {}).get("proxies")
        if id_ and used is not None:
            found[id_.lower()] = sorted({one["proxy"] for one in used})
    return found
