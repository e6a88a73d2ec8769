# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fewest moves after which no time has more machines than allowed.

Each machine is at a time and may go to some others. Machines that start at their own time cost nothing, others a move
each. Shortest augmenting paths, from times with too many machines to times with room, keep the number of moves minimal:
a machine may make room for one that has fewer choices. Ties are broken by load, then by time and name.
"""

from __future__ import annotations

import collections
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple


class Machine(NamedTuple):
    """``time``: when it starts today. ``choices``: when it may start."""

    time: str
    choices: frozenset[str]


class Full(Exception):
    """So many machines (``number``) have no place; those of the times ``at`` are stuck."""

    def __init__(self, number: int, at: Collection[str]):
        super().__init__(number)
        self.number, self.at = number, sorted(at)


class _Step(NamedTuple):
    cost: int
    came_from: str
    kind: Machine


def spread(machines: Mapping[str, Machine], limit: int, taken: Mapping[str, int] | None = None) -> dict[str, str]:
    """A time for each machine, by name. ``taken``: places at some times that others have. Raises Full where there is no
    such time."""
    room: dict[str, int] = {}
    at: dict[str, dict[Machine, list[str]]] = collections.defaultdict(lambda: collections.defaultdict(list))
    for name in sorted(machines, reverse=True):
        machine = machines[name]
        room.update((time, max(0, limit - (taken or {}).get(time, 0))) for time in machine.choices)
        at[machine.time][machine].append(name)
    load = collections.Counter(machine.time for machine in machines.values())
    while crowded := sorted(time for time in load if load[time] > room.get(time, 0)):
        steps, ends = _reached(crowded, at)
        free = [time for time in ends if load[time] < room.get(time, 0)]
        if not free:
            raise Full(sum(load[time] - room.get(time, 0) for time in crowded), crowded)
        end = min(free, key=lambda time: (ends[time], load[time], time))
        path = list(_back(end, steps))
        first = path[-1][0]
        number = min(len(at[time][kind]) for time, kind, _to in path)
        # One by one among equals, so that they are spread and do not fill a single time.
        number = min(number, load[first] - room.get(first, 0), max(1, (room[end] - load[end]) // 2))
        for time, kind, to in path:
            for _time in range(number):
                at[to][kind].append(at[time][kind].pop())
        load[first] -= number
        load[end] += number
    return {name: time for time, kinds in at.items() for names in kinds.values() for name in names}


def _reached(
    starts: Collection[str], at: Mapping[str, Mapping[Machine, list[str]]]
) -> tuple[dict[str, _Step], dict[str, int]]:
    """The cheapest way to each time from one of ``starts``, by Bellman and Ford: a way back to its own time saves a
    move, so that a step may cost less than nothing."""
    costs, steps = dict.fromkeys(starts, 0), {}
    waiting = collections.deque(starts)
    edges: dict[str, dict[str, _Step]] = {}
    while waiting:
        time = waiting.popleft()
        if time not in edges:
            edges[time] = _edges(time, at.get(time, {}))
        for to, step in edges[time].items():
            cost = costs[time] + step.cost
            if to not in costs or cost < costs[to]:
                costs[to], steps[to] = cost, step
                if to not in waiting:
                    waiting.append(to)
    return steps, costs


def _edges(time: str, kinds: Mapping[Machine, list[str]]) -> dict[str, _Step]:
    """The cheapest move of one machine from a time to each other time."""
    found: dict[str, _Step] = {}
    left = [kind for kind, names in kinds.items() if names]
    for kind in sorted(left, key=lambda kind: (kind.time, sorted(kind.choices))):
        for to in sorted(kind.choices):
            cost = (to != kind.time) - (time != kind.time)
            if to != time and (to not in found or cost < found[to].cost):
                found[to] = _Step(cost, time, kind)
    return found


def _back(end: str, steps: Mapping[str, _Step]) -> Iterator[tuple[str, Machine, str]]:
    """The moves of a way, the last one first."""
    while end in steps:
        step = steps[end]
        yield step.came_from, step.kind, end
        end = step.came_from
