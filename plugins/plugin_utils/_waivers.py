# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings that someone accepts on some hosts until a day: they are shown with the reason, and do not count."""

from __future__ import annotations

import collections
import dataclasses
import datetime
from collections.abc import Callable, Collection, Mapping

from ..module_utils._guest.masking import mask
from . import _registry, _yaml
from ._engine._model import FLEET
from ._report._text import visible
from ._words import did_you_mean

SPEC = {"waivers": {"type": "path"}}

USED, UNUSED, EXPIRED = "used", "unused", "expired"
_TEXTS = ("check", "reason", "owner")
_KEYS = ("hosts", "azure_tag", *_TEXTS, "until")


@dataclasses.dataclass(frozen=True)
class Waiver:
    """One entry of the file. ``until`` is the last day, UTC. It is for a pattern of hosts, or for a tag in Azure."""

    number: int
    check: str
    reason: str
    owner: str
    until: datetime.date
    hosts: str | None = None
    azure_tag: Mapping[str, str] | None = None

    def as_dict(self) -> dict:
        return {**mask(dataclasses.asdict(self)), "until": self.until.isoformat()}


class Waivers:
    """The waivers of a run. ``select`` gives the hosts of one that is for a pattern."""

    def __init__(self, waivers: Collection[Waiver], select: Callable[[Waiver], Collection[str]], today: datetime.date):
        self._all, self._today = waivers, today
        self._hosts = {one.number: frozenset(select(one)) for one in waivers if one.hosts}

    def of(self, host: str, machine: Mapping | None) -> dict[str, dict]:
        """What is waived on a host, by check: the first of the file that applies."""
        found: dict[str, dict] = {}
        for one in self._all:
            if one.until >= self._today and self._for(one, host, machine):
                found.setdefault(one.check, one.as_dict())
        return found

    def _for(self, waiver: Waiver, host: str, machine: Mapping | None) -> bool:
        if waiver.azure_tag is None:
            return host in self._hosts[waiver.number]
        tags = ((machine or {}).get("vm") or {}).get("tags") or {}
        return waiver.azure_tag.items() <= tags.items()

    def about(self, report: Mapping) -> list[dict]:
        """Each waiver with its state and the number of hosts that it was used on."""
        used = collections.Counter(
            number
            for host in report["hosts"]
            for number in {one["waived"]["number"] for one in host["findings"] if "waived" in one}
        )
        return [{**one.as_dict(), "state": self._state(one, used), "used_on": used[one.number]} for one in self._all]

    def _state(self, waiver: Waiver, used: Mapping[int, int]) -> str:
        if waiver.until < self._today:
            return EXPIRED
        return USED if used[waiver.number] else UNUSED


def read(path: str) -> list[Waiver]:
    """The waivers in a file. Raises ValueError with a full sentence."""
    try:
        found = _yaml.read(path)
    except ValueError as error:
        raise ValueError(f"Cannot use the waivers '{path}': {visible(error)}") from error
    if not isinstance(found, list):
        raise ValueError(f"Cannot use the waivers '{path}': the file is not a list")
    waivers = []
    for number, entry in enumerate(found, 1):
        try:
            waivers.append(_waiver(number, entry))
        except ValueError as error:
            raise ValueError(f"Cannot use waiver {number} of '{path}': {visible(error)}") from None
    return waivers


def _waiver(number: int, entry: object) -> Waiver:
    if not isinstance(entry, dict):
        raise ValueError(f"it is not a mapping with {', '.join(_KEYS)}")
    for key in entry:
        if key not in _KEYS:
            raise ValueError(f"unknown key '{key}'{did_you_mean(str(key), _KEYS)}")
    for key in _TEXTS:
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise ValueError(f"it has no '{key}'")
    if entry.get("until") is None:
        raise ValueError("it has no 'until': give a day such as 2026-12-31")
    return Waiver(
        number,
        _check(entry["check"]),
        entry["reason"],
        entry["owner"],
        _day(entry["until"]),
        **_subject(entry.get("hosts"), entry.get("azure_tag")),
    )


def _check(name: str) -> str:
    names = _registry.names()
    if name not in names:
        raise ValueError(f"unknown check '{name}'{did_you_mean(name, names)}")
    if any(check.id == names[name] and FLEET in check.subjects for check in _registry.every_check()):
        raise ValueError(f"'{name}' is about several hosts together and cannot be waived")
    return names[name]


def _day(value: object) -> datetime.date:
    try:
        if isinstance(value, datetime.datetime):
            return value.date()
        return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"until '{value}' is not a day such as 2026-12-31") from None


def _subject(hosts: object, tag: object) -> dict:
    if (hosts is None) == (tag is None):
        raise ValueError("it needs one of 'hosts' and 'azure_tag'")
    if tag is None:
        if not isinstance(hosts, str) or not hosts.strip():
            raise ValueError("hosts is not a pattern such as web*:&production")
        return {"hosts": hosts}
    if not isinstance(tag, dict) or not tag or not all(isinstance(part, str) for one in tag.items() for part in one):
        raise ValueError("azure_tag is not a mapping of names to values such as {environment: test}")
    return {"azure_tag": tag}
