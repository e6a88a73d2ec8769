# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of parts of a fleet as one: the states that their runs kept are judged together, as each run was asked to."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..module_utils._guest.masking import mask
from . import _choices, _machines, _states
from ._engine import _schema
from ._engine._evaluate import UNKNOWN, UNREACHABLE
from ._facts import _kinds
from ._history import REPORT
from ._registry import diagnose
from ._run import Run
from ._waivers import Waiver, Waivers

ABSENT = "None of the merged reports has this host"
_TEXT, _TEXTS, _OR_NONE = _kinds.text(), _kinds.texts(), _kinds.text("", _kinds.NULL)
_RESULT = _kinds.record("", platform=_OR_NONE)
_RUN = _kinds.record("", parameters=_kinds.record(""))
_CHOICES = _kinds.mapping("", _kinds.record(""))
_WAIVER = {**dict.fromkeys(("check", "reason", "owner", "until"), _TEXT), "hosts": _OR_NONE}
_MACHINE = {"name": _TEXT, "azure": _kinds.record("", id=_TEXT)}
_AZURE = _kinds.record(
    "",
    read_at=_OR_NONE,
    error=_OR_NONE,
    machines=_kinds.whole(),
    gaps=_TEXTS,
    ambiguous=_TEXTS,
    hosts_without_machine=_TEXTS,
    machines_without_host=_kinds.records("", **_MACHINE),
)
Judged = tuple[dict, Mapping | None, Mapping | None]


class Part(NamedTuple):
    """The report of one run, and what it kept."""

    report: Mapping
    guests: _states.SavedStates
    choices: Mapping[str, Mapping]

    @property
    def machines(self) -> _states.SavedStates:
        return _states.machines_in(self.guests)


def read(path: str) -> Part:
    """The report in a directory. Raises ValueError with a full sentence.

    It is masked, as its states are: a version that knew fewer secrets, or anybody else, may have written them.
    """
    guests = _states.kept(path)
    try:
        report = mask(_states.read(guests.folder.parent / "report.json", _states.LIMIT_OF_FLEET))
        choices = _states.choices_in(guests)
        if report["schema"] == 1 and _is_ours(report) and _schema.is_whole(choices, _CHOICES):
            return Part(report, guests, choices)
    except OSError as error:
        raise ValueError(f"Cannot merge '{path}': report.json: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        pass
    raise ValueError(f"Cannot merge '{path}': report.json is not a report of this version")


def _is_ours(report: Mapping) -> bool:
    """Whether a report has the form of ours, as far as it is read here: it may come from anywhere."""
    return (
        _schema.is_whole(report, REPORT)
        and _schema.is_whole(report["run"], _RUN)
        and _schema.is_whole(report["hosts"], _kinds.listing("", _RESULT))
        and _schema.is_whole(report.get("waivers", []), _kinds.records("", **_WAIVER))
        and ("azure" not in report or _schema.is_whole(report["azure"], _AZURE))
    )


class Merged:
    """Several reports as one run. Of a host that is in several, the latest report counts.

    ``expected``: the hosts of the inventory; one that no report has is unknown.
    """

    def __init__(self, parts: Iterable[Part], expected: Collection[str] = ()):
        self.parts = sorted(parts, key=lambda part: part.report["generated"])
        self._of = {host["host"]: (part, host) for part in self.parts for host in part.report["hosts"]}
        counted = collections.Counter(host["host"] for part in self.parts for host in part.report["hosts"])
        self._said = {
            "several": sorted(host for host, number in counted.items() if number > 1),
            "absent": sorted(set(expected).difference(self._of)),
        }

    @property
    def hosts(self) -> list[str]:
        return [*self._of, *self._said["absent"]]

    def results(self) -> Iterator[Judged]:
        """Each host's result, the state of its guest, and the options that it was judged by."""
        for host, (part, entry) in self._of.items():
            yield self._judged(host, part, entry)
        for host in self._said["absent"]:
            yield {"host": host, "verdict": UNKNOWN, "reason": ABSENT, "findings": []}, None, None

    def _judged(self, host: str, part: Part, entry: Mapping) -> Judged:
        chosen = part.choices.get(host) or self.chosen
        if entry["platform"] is None:  # Its guest gave no state.
            verdict = entry["verdict"] if entry["verdict"] in (UNKNOWN, UNREACHABLE) else UNREACHABLE
            return {**entry, "verdict": verdict, "cause": None, "findings": []}, None, chosen
        try:
            state = _kept(part.guests, host)
            judged = {"host": host, **diagnose(state, **_choices.read(chosen)), "reason": None}
            return {**judged, "vm": entry.get("vm", {})}, state, chosen
        except ValueError as error:
            return {"host": host, "verdict": UNKNOWN, "reason": str(error), "findings": []}, None, chosen

    @functools.cached_property
    def chosen(self) -> dict:
        """What an operator chose for all parts. What they do not agree on has its default."""
        given = self._common()
        return {name: given.get(name, spec.get("default")) for name, spec in _choices.SPEC.items()}

    def _common(self) -> dict:
        all_ = [part.report["run"].get("parameters", {}) for part in self.parts]
        return {name: value for name, value in all_[0].items() if all(one.get(name) == value for one in all_)}

    def about(self, own: Mapping) -> dict:
        """How the runs were started, for the report. ``own``: the options of this one."""
        given = {**self._common(), **{name: value for name, value in own.items() if name != "azure"}}
        runs = [part.report["run"] for part in self.parts]
        said = {name: hosts for name, hosts in self._said.items() if hosts}
        return {
            "inventory": list(dict.fromkeys(source for run in runs for source in run.get("inventory", ()))),
            "limit": None,
            "check_mode": any(run.get("check_mode") for run in runs),
            "parameters": dict(sorted(given.items())),
            **({"merged": said} if said else {}),
        }

    def waivers(self) -> Waivers | None:
        """The waivers of the parts, for the hosts that they were used on."""
        found = {_identity(one): one for one in self._all("waivers")}
        if not any("waivers" in part.report for part in self.parts):
            return None
        numbers = {identity: number for number, identity in enumerate(found, 1)}
        used: dict[int, set[str]] = collections.defaultdict(set)
        for host, (_part, entry) in self._of.items():
            for finding in entry["findings"]:
                # Another slice may have the same pattern in a waiver of its own.
                if "waived" in finding and finding["waived"]["hosts"]:
                    used[numbers[_identity(finding["waived"])]].add(host)
        today = datetime.date.fromisoformat(self.parts[-1].report["generated"][:10])
        waivers = [_waiver(number, one) for number, one in enumerate(found.values(), 1)]
        return Waivers(waivers, lambda waiver: used[waiver.number], today)

    def _all(self, name: str) -> list:
        return [one for part in self.parts for one in part.report.get(name, ())]

    def azure(self) -> Machines | None:
        """Azure's side, where a part has it."""
        said = [part.report["azure"] for part in self.parts if "azure" in part.report]
        return Machines(self, said) if said else None

    def machines(self) -> tuple[dict[str, dict], dict[str, dict]]:
        """The states of virtual machines in Azure: those of hosts by host, and others by name."""
        mine: dict[str, dict] = {}
        others: dict[str, dict] = {}
        for host, (part, entry) in sorted(self._of.items(), key=lambda one: one[0]):
            if "azure" in entry:
                mine[host] = _kept(part.machines, host)
        # A slice that has only its own hosts in its inventory takes those of others for machines that are no hosts.
        known = {machine["vm"]["id"].lower() for machine in mine.values()}
        for part in self.parts:
            for brief in part.report.get("azure", {}).get("machines_without_host", ()):
                name, id_ = brief["name"], brief["azure"]["id"]
                if id_.lower() not in known:
                    known.add(id_.lower())
                    free = name not in mine and name not in others
                    others[name if free else id_] = _kept(part.machines, name)
        return mine, others


def merge(run: Run, merged: Merged, owner: int, own: Mapping, **report: Any) -> dict:
    """Writes the merged report as that of ``run``, on behalf of the process ``owner``.

    ``own``: its options, for the report. ``report``: what `Run.finish` takes.
    """
    run.start(merged.hosts, owner, merged.about(own))
    for judged in merged.results():
        run.record(*judged)
    carried = {"azure": merged.azure(), "waivers": report.get("waivers") or merged.waivers()}
    with run.alone():
        made, _complete = run.finish(**{**report, **carried, **_choices.read(merged.chosen)}) or ({}, None)
        run.close()
    return made


class Machines(_machines.Azure):
    """Azure's side of merged reports: the machines that the runs found for their hosts."""

    def __init__(self, merged: Merged, said: Sequence[Mapping]):
        self._merged, self._said = merged, said

    def join(
        self,
        results: Sequence[Mapping],
        guests: Mapping[str, Mapping],
        choices: Mapping[str, Any],
        waived: _machines.Waived = _machines.nothing_waived,
    ) -> _machines.Joined:
        """Judges each host again with its kept guest state and its machine."""
        mine, others = self._merged.machines()
        judged = [self._again(one, guests, mine.get(one["host"]), choices, waived) for one in results]
        alone = [_machines.alone(*one, {**choices, "waived": waived(*one)}) for one in others.items()]
        return _machines.Joined(judged, {**mine, **others}, self._about(mine, alone))

    def _again(
        self, result: Mapping, guests: Mapping, machine: Mapping | None, choices: Mapping[str, Any], waived: Any
    ) -> dict:
        host = result["host"]
        accepted = waived(host, machine)
        if machine is None or result.get("reason") or host in guests:
            return _machines.again(result, guests.get(host), machine, choices, accepted)
        # Its guest was not asked, or not missed: what was told is Azure's side alone.
        own = _choices.read(result["choices"])
        judged = {**_machines.alone(host, machine, {**own, "waived": accepted}), **_machines.said(machine, result)}
        return {name: part for name, part in judged.items() if name != "left_out" or name in result}

    def _about(self, mine: Mapping, alone: Sequence[Mapping]) -> dict:
        lost = {host for one in self._said for host in one["hosts_without_machine"]}
        return _machines.about(
            read_at=max((one["read_at"] for one in self._said if one["read_at"]), default=None),
            machines=max(len(mine) + len(alone), *(one["machines"] for one in self._said)),
            gaps=_distinct(gap for one in self._said for gap in one["gaps"]),
            hosts_without_machine=sorted(lost.difference(mine)),
            machines_without_host=[_machines.brief(result) for result in alone],
            ambiguous=_distinct(text for one in self._said for text in one["ambiguous"]),
            error=next((one["error"] for one in self._said if one["error"]), None),
        )


def _kept(states: _states.SavedStates, name: str) -> dict:
    """A state that a run kept. Raises ValueError with a full sentence."""
    try:
        return dict(_schema.accept(mask(states[name])))
    except KeyError:
        reason = "it is missing"
    except OSError as error:
        reason = error.strerror or str(error)
    except ValueError as error:
        reason = str(error)
    raise ValueError(f"Cannot read the state that was kept of '{name}': {reason}")


def _distinct(values: Iterable) -> list:
    return list({str(value): value for value in values}.values())


def _identity(waiver: Mapping) -> str:
    """What tells a waiver of a report, or of a finding, from others: all but its place and its use."""
    return str({field.name: waiver[field.name] for field in dataclasses.fields(Waiver) if field.name != "number"})


def _waiver(number: int, one: Mapping) -> Waiver:
    fields = {name: one[name] for name in ("check", "reason", "owner", "hosts", "azure_tag")}
    return Waiver(number, until=datetime.date.fromisoformat(one["until"]), **fields)
