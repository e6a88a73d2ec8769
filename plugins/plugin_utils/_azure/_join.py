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
    claimed: set[str]
    """Hosts of which only the guest says which machine they are."""


def join(states: Iterable[Mapping], hosts: Mapping[str, Mapping]) -> Joined:
    """``hosts``: of each host ``resource_id``, ``name`` and ``addresses``, as far as they are known.

    A resource id that no machine has matches none: whoever knows the id is not guessed by name. ``inventory``: the same
    without what the guest says, which may be anything. A guest never makes its host another machine than the inventory
    does, and takes none away from a host that the inventory knows it by.
    """
    states = list(states)
    known = _Known(states)
    machines: dict[str, Mapping] = {}
    own = {host: known.by_inventory(hints.get("inventory") or {}) for host, hints in hosts.items()}
    guessed: set[str] = set()
    ambiguous = []
    for host, hints in hosts.items():
        found, what = known.of(host, hints)
        if len(found) > 1:
            ids = " and ".join(sorted(state["vm"]["id"] for state in found))
            ambiguous.append(f"Cannot tell which virtual machine '{host}' is: {ids} have its {what}")
        elif found and (other := own[host]) and other != found[0]:
            sides = f"{other['vm']['id']} by the inventory, {found[0]['vm']['id']} by its guest"
            ambiguous.append(f"Cannot tell which virtual machine '{host}' is: {sides}")
        elif found:
            machines[host] = found[0]
            guessed.update([host] if what else [])
    rivals = defaultdict(list)
    for host, state in machines.items():
        rivals[key(state["vm"]["id"])].append(host)
    for names in rivals.values():
        known_by_inventory = [host for host in names if own[host]]
        losers = [host for host in names if host not in known_by_inventory] if known_by_inventory else []
        if len(names) - len(losers) > 1:
            losers += [host for host in names if host in guessed and host not in losers]
        if losers:
            told = " and ".join(f"'{host}'" for host in sorted(names))
            ambiguous.append(
                f"Cannot tell which host the virtual machine '{machines[names[0]]['vm']['id']}' is: {told}"
            )
        for host in losers:
            del machines[host]
        both = sorted(set(names).difference(losers))
        if len(both) > 1:
            told = " and ".join(f"'{host}'" for host in both)
            ambiguous.append(f"{told} are one virtual machine: {machines[both[0]]['vm']['id']}")
    taken = {key(state["vm"]["id"]) for state in machines.values()}
    alone = [state for state in states if key(state["vm"]["id"]) not in taken]
    claimed = {host for host, state in machines.items() if state != own[host] and not _has_address(state, hosts[host])}
    return Joined(machines, alone, [host for host in hosts if host not in machines], ambiguous, claimed)


def _has_address(state: Mapping, hints: Mapping) -> bool:
    """Whether the machine has an address by which the inventory knows the host."""
    known = (hints.get("inventory") or {}).get("addresses") or ()
    return not set(known).isdisjoint(state["vm"].get("addresses", ()))


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

    def of(self, host: str, hints: Mapping) -> tuple[list[Mapping], str | None]:
        """The machines that a host may be, and by what that is guessed; None where it is known."""
        if id_ := hints.get("resource_id"):
            return [self.by_id[key(id_)]] if key(id_) in self.by_id else [], None
        return self.like(hints.get("name") or host, hints.get("addresses") or ())

    def by_inventory(self, hints: Mapping) -> Mapping | None:
        """The machine whose id, or whose name alone, the inventory has: an address may be one of another network."""
        found, what = self.of("", hints)
        return found[0] if len(found) == 1 and what != "address" else None

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
