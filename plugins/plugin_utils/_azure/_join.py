# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which virtual machine a host is: by resource id, else by a name that only one of them has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Joined(NamedTuple):
    """Hosts and virtual machines that are one, those that are alone, and sentences on what is ambiguous."""

    machines: dict[str, Mapping]
    without_host: list[Mapping]
    without_machine: list[str]
    ambiguous: list[str]


def join(states: Iterable[Mapping], hosts: Mapping[str, Mapping]) -> Joined:
    """``hosts``: of each host ``resource_id``, ``name`` and ``addresses``, as far as they are known."""
    states = list(states)
    by_id = {state["vm"]["id"].lower(): state for state in states}
    by_name = defaultdict(list)
    for state in states:
        by_name[state["vm"]["name"].lower()].append(state)
    machines: dict[str, Mapping] = {}
    ambiguous = []
    for host, known in hosts.items():
        id_ = known.get("resource_id")
        found = [by_id[id_.lower()]] if id_ and id_.lower() in by_id else []
        if not id_:
            found = by_name[(known.get("name") or host).lower()]
        if len(found) == 1:
            machines[host] = found[0]
        elif found:
            ids = " and ".join(state["vm"]["id"] for state in found)
            ambiguous.append(f"Cannot tell which virtual machine '{host}' is: {ids} have its name")
    taken = {state["vm"]["id"].lower() for state in machines.values()}
    alone = [state for state in states if state["vm"]["id"].lower() not in taken]
    return Joined(machines, alone, [host for host in hosts if host not in machines], ambiguous)
