# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which virtual machine a host is: by resource id, else by a name or a private address that only one of them has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ._values import key


class Joined(NamedTuple):
    """Hosts and virtual machines that are one, those that are alone, and sentences on what is ambiguous."""

    machines: dict[str, Mapping]
    without_host: list[Mapping]
    without_machine: list[str]
    ambiguous: list[str]


def join(states: Iterable[Mapping], hosts: Mapping[str, Mapping]) -> Joined:
    """``hosts``: of each host ``resource_id``, ``name`` and ``addresses``, as far as they are known.

    A resource id that no machine has matches none: whoever knows the id is not guessed by name.
    """
    states = list(states)
    known = _Known(states)
    machines: dict[str, Mapping] = {}
    guessed: dict[str, list[str]] = defaultdict(list)
    ambiguous = []
    for host, hints in hosts.items():
        if id_ := hints.get("resource_id"):
            if key(id_) in known.by_id:
                machines[host] = known.by_id[key(id_)]
            continue
        found, what = known.like(hints.get("name") or host, hints.get("addresses") or ())
        if len(found) == 1:
            machines[host] = found[0]
            guessed[key(found[0]["vm"]["id"])].append(host)
        elif found:
            ids = " and ".join(sorted(state["vm"]["id"] for state in found))
            ambiguous.append(f"Cannot tell which virtual machine '{host}' is: {ids} have its {what}")
    for id_, claimants in guessed.items():
        rivals = [host for host, state in machines.items() if key(state["vm"]["id"]) == id_]
        if len(rivals) > 1:
            names = " and ".join(f"'{host}'" for host in sorted(rivals))
            ambiguous.append(
                f"Cannot tell which host the virtual machine '{machines[rivals[0]]['vm']['id']}' is: {names}"
            )
            for host in claimants:
                del machines[host]
    taken = {key(state["vm"]["id"]) for state in machines.values()}
    alone = [state for state in states if key(state["vm"]["id"]) not in taken]
    return Joined(machines, alone, [host for host in hosts if host not in machines], ambiguous)


class _Known:
    """Machines by what tells them apart."""

    def __init__(self, states: Iterable[Mapping]) -> None:
        self.by_id: dict[str, Mapping] = {}
        self._by_name: dict[str, list[Mapping]] = defaultdict(list)
        self._by_computer: dict[str, list[Mapping]] = defaultdict(list)
        self._by_address: dict[str, list[Mapping]] = defaultdict(list)
        for state in states:
            vm = state["vm"]
            self.by_id[key(vm["id"])] = state
            self._by_name[vm["name"].lower()].append(state)
            self._by_computer[(vm.get("computer_name") or "").lower()].append(state)
            for address in vm.get("addresses", ()):
                self._by_address[address].append(state)

    def like(self, name: str, addresses: Iterable[str]) -> tuple[list[Mapping], str]:
        """The machines of a name, of several those with such an address; where none has the name, by address alone."""
        words = (name.lower(), name.partition(".")[0].lower())
        named = next(
            (found for by in (self._by_name, self._by_computer) for word in words if (found := by.get(word))), []
        )
        there = {key(state["vm"]["id"]): state for one in addresses for state in self._by_address.get(one, ())}
        if not named:
            return list(there.values()), "address"
        both = [state for state in named if key(state["vm"]["id"]) in there]
        return (both if len(named) > 1 and both else named), "name"
