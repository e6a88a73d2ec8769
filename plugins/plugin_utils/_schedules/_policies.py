# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which machines start together, and which policies differ in nothing but the time at which they start."""

from __future__ import annotations

import collections
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ._spread import Full, Machine, spread
from ._times import TIME_OF_DAY, start_times

_TIMES = ("scheduleRunTimes", "retentionTimes")
_OWN = ("protectedItemsCount",)


class Policy(NamedTuple):
    """``like``: all of it but the times; policies with the same text are alike. ``times``: at which it starts each day;
    machines of a policy with several are counted, and not moved."""

    id: str
    name: str
    vault: str
    zone: str
    times: tuple[str, ...]
    like: str

    @property
    def time(self) -> str | None:
        """Its only time."""
        return self.times[0] if len(self.times) == 1 else None


class Item(NamedTuple):
    """A protected machine."""

    id: str
    machine: str
    policy: str


def policy(id_: str, name: str, vault: str, properties: Mapping) -> Policy:
    """A policy from its document."""
    times = start_times(properties.get("schedulePolicy") or {})
    like = json.dumps(_without_times(properties), sort_keys=True)
    return Policy(id_, name, vault, properties.get("timeZone") or "UTC", tuple(times), like)


def _without_times(value: Any) -> Any:
    if isinstance(value, Mapping):
        # What is null is not said: policies are alike also where only one of them says it.
        said = {key: inner for key, inner in value.items() if inner is not None and key not in (*_TIMES, *_OWN)}
        return {key: _without_times(inner) for key, inner in said.items()}
    return value


def hours(start: str, end: str) -> tuple[str, str]:
    """The hours in which backups may start. Raises ValueError in an operator's words."""
    for text in (start, end):
        if not TIME_OF_DAY.match(text):
            raise ValueError(f"Cannot use '{text}' as a time of day: write it as text, such as '22:00'")
    return start, end


def _within(time: str, allowed: tuple[str, str]) -> bool:
    start, end = allowed
    return start <= time < end if start < end else time >= start or time < end


class Start(NamedTuple):
    """A protected machine with its policy today and in the plan."""

    item: Item
    own: Policy
    then: Policy


def plan(
    policies: Iterable[Policy],
    items: Iterable[Item],
    limit: int,
    allowed: tuple[str, str],
    proxies: Mapping[str, Sequence[str]] | None = None,
) -> dict:
    """The fewest moves to alike policies of the same vault after which no vault starts more than ``limit`` backups at a
    time, and what starts together before and after them. ``proxies``: those of each machine, by its id in lower case.
    Raises ValueError where there are no such moves.

    Times in different time zones are not compared. Machines that start several times a day keep their places.
    """
    known = {one.id.lower(): one for one in policies}
    alike: dict[tuple, dict[str, Policy]] = collections.defaultdict(dict)
    for one in sorted(known.values(), key=lambda one: one.name, reverse=True):
        if one.time and _within(one.time, allowed):
            alike[one.vault, one.zone, one.like][one.time] = one
    lanes: dict[tuple[str, str], dict[str, Item]] = collections.defaultdict(dict)
    starts: list[Start] = []
    unmovable, uncounted = [], []
    taken: dict[tuple[str, str], collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for item in items:
        own = known.get(item.policy.lower())
        if own is not None and own.time is not None:
            lanes[own.vault, own.zone][item.id] = item
        elif own is not None and own.times:
            unmovable.append(item.machine)
            taken[own.vault, own.zone].update(own.times)
            single = (own._replace(times=(time,)) for time in own.times)
            starts.extend(Start(item, one, one) for one in single)
        else:
            uncounted.append(item.machine)
    for (vault, zone), lane in sorted(lanes.items()):
        of = {id_: known[item.policy.lower()] for id_, item in lane.items()}
        machines = {id_: Machine(one.time or "", frozenset(alike[vault, zone, one.like])) for id_, one in of.items()}
        try:
            found = spread(machines, limit, taken[vault, zone])
        except Full as full:
            raise ValueError(_too_full(full, vault, zone, machines, limit, bool(taken[vault, zone]))) from None
        for id_, time in sorted(found.items()):
            then = of[id_] if time == of[id_].time else alike[vault, zone, of[id_].like][time]
            starts.append(Start(lane[id_], of[id_], then))
    by_proxy = [(proxy, one) for one in starts for proxy in (proxies or {}).get(one.item.machine.lower(), ())]
    return {
        "moves": [_move(one) for one in starts if one.then != one.own],
        "together": _together(starts),
        "timeline": _timeline("vault", ((one.own.vault, one) for one in starts)),
        "proxies": _timeline("proxy", by_proxy),
        "proxies_known": len({one.item.machine.lower() for one in starts} & (proxies or {}).keys()),
        "unmovable": sorted(unmovable),
        "uncounted": sorted(uncounted),
    }


def _move(one: Start) -> dict:
    where = {"machine": one.item.machine, "item": one.item.id, "vault": one.own.vault, "time_zone": one.own.zone}
    source = {"from": one.own.name, "at": one.own.time}
    return {**where, **source, "to": one.then.name, "policy": one.then.id, "then": one.then.time}


def _together(starts: Iterable[Start]) -> list[dict]:
    """The machines that start together today, by policy."""
    found: dict[Policy, list[str]] = collections.defaultdict(list)
    for one in starts:
        found[one.own].append(one.item.machine)
    return [
        {"vault": of.vault, "policy": of.name, "time_zone": of.zone, "time": of.time, "machines": sorted(machines)}
        for of, machines in sorted(found.items(), key=lambda group: (group[0].vault, group[0].name))
    ]


def _timeline(kind: str, starts: Iterable[tuple[str, Start]]) -> list[dict]:
    """How many machines start at each time, today and in the plan, for each vault or whatever ``kind`` names."""
    before: collections.Counter[tuple] = collections.Counter()
    after: collections.Counter[tuple] = collections.Counter()
    for name, one in starts:
        before[name, one.own.zone, one.own.time] += 1
        after[name, one.then.zone, one.then.time] += 1
    return [
        {kind: name, "time_zone": zone, "time": time, "before": before[key], "after": after[key]}
        for key in sorted({*before, *after})
        for name, zone, time in (key,)
    ]


def _too_full(full: Full, vault: str, zone: str, machines: Mapping[str, Machine], limit: int, hourly: bool) -> str:
    choices = sorted({time for one in machines.values() if one.time in full.at for time in one.choices})
    times = ", ".join(choices) or "at no time that is allowed"
    return (
        f"Cannot spread the backups of the vault '{vault}': {full.number:,} machines that start at {', '.join(full.at)}"
        f" ({zone}) have no place. Policies like theirs start {'at ' if choices else ''}{times}, each for at most"
        f" {limit:,}{', hourly backups included' * hourly}. Raise the limit, allow more hours, or create policies like"
        " theirs with other start times"
    )
