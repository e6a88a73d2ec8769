# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What changed between runs: a compact record per run, and the findings that are new, gone and back.

A record has of each host the findings that were open when they were last decided. What a run does not know (a host
that did not answer, a check that was left out) neither comes nor goes.
"""

from __future__ import annotations

import collections
import datetime
import os
import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ansible.utils.display import Display

from . import _states
from ._engine._model import FAIL, NOT_APPLICABLE, OK, WARN
from ._engine._reconcile import void
from ._engine._schema import is_whole
from ._facts import _kinds
from ._report._gate import undiagnosed

LATEST = "latest"
SPEC: dict[str, dict] = {
    "history": {"type": "int", "default": 30},
    "compare_with": {"type": "str"},
}
"""Options: how many records are kept, and which run is compared with."""

NEW, RETURNED, GONE = KINDS = ("new", "returned", "gone")
_SCHEMA = 1
_NAME = re.compile(r"\d{8}T\d{6}Z(-\d{1,9})?\.json\.gz")
_FORGET = datetime.timedelta(days=90)
_OPEN = (FAIL, WARN)
_COUNTS = _kinds.mapping("", _kinds.whole())
_HOSTS = _kinds.record(
    "",
    seen=_kinds.text(),
    state=_kinds.flag(),
    open=_kinds.mapping("", _kinds.one_of("", *_OPEN)),
    past=_kinds.texts(),
)
_TREND = {"generated": _kinds.text(), "summary": _COUNTS, "open": _COUNTS, **dict.fromkeys(KINDS, _kinds.whole())}
_RECORD = _kinds.record(
    "", generated=_kinds.text(), hosts=_kinds.mapping("", _HOSTS), trend=_kinds.records("", **_TREND)
)
_FINDING = {"id": _kinds.text(), "status": _kinds.text()}
_RESULT = {"host": _kinds.text(), "verdict": _kinds.text(), "reason": _kinds.text("", _kinds.NULL)}
REPORT = _kinds.record(
    "",
    generated=_kinds.text(),
    summary=_COUNTS,
    hosts=_kinds.records("", findings=_kinds.records("", **_FINDING), **_RESULT),
)
"""What all need of a report that stands in a file: anybody may have written it."""
_NONE: dict[str, Any] = {"generated": None, "hosts": {}, "trend": []}


class History:
    """The records beside the reports of one directory."""

    def __init__(self, report_dir: pathlib.Path, most: int, compare_with: str | None = None):
        self._folder, self._most, self._compare_with = report_dir / "history", most, compare_with
        if compare_with not in (None, LATEST):
            _read(str(compare_with))  # What cannot be read is said before any host is asked.

    def add(self, report: Mapping) -> dict:
        """The report with what changed, if a run is compared with; a record of it is kept. Raises ValueError."""
        last = self._last()
        other = last if self._compare_with in (None, LATEST) else _read(str(self._compare_with))
        changes = compare(report, other)
        made = record(report, last, changes if other is last else compare(report, last), self._most)
        self._keep(made)
        if self._compare_with is None:
            return dict(report)
        return {**report, "history": {"compared_with": other["generated"], **changes, "trend": made["trend"]}}

    def _last(self) -> Mapping:
        """The newest record that can be read: one that a full disk has left is not to cost every later report."""
        found: Mapping[str, Any] = _NONE
        refused: list[str] = []
        for path in reversed(self._paths()):
            try:
                found = _read(str(path))
                break
            except ValueError as error:
                refused.append(str(error))
        for sentence in refused:
            Display().warning(sentence if found is _NONE else f"{sentence}. An older run takes its place.")
        return found

    def _keep(self, made: Mapping) -> None:
        if self._most < 1:
            return
        time = made["generated"].replace("-", "").replace(":", "")
        same = [number for other, number in map(_order, self._paths()) if other == time]
        name = f"{time}-{max(same) + 1}" if same else time
        _states.write(self._folder / f"{name}.json.gz", made)
        for path in self._paths()[: -self._most]:
            path.unlink(missing_ok=True)

    def _paths(self) -> list[pathlib.Path]:
        """The records, the newest last."""
        return sorted((path for path in self._folder.glob("*.json.gz") if _NAME.fullmatch(path.name)), key=_order)


def _order(path: pathlib.Path) -> tuple[str, int]:
    """The time of a record, and its number among those of that second."""
    time, _dash, number = path.name[: -len(".json.gz")].partition("-")
    return time, int(number or 1)


def compare(report: Mapping, before: Mapping) -> dict[str, Any]:
    """What came and went since a record, by check; ``lost``: hosts that gave a state then and give none now."""
    found: dict[str, dict[tuple, list[str]]] = {kind: collections.defaultdict(list) for kind in KINDS}
    lost = []
    for host in report["hosts"]:
        then = before["hosts"].get(host["host"], {"open": {}, "past": [], "state": False})
        if undiagnosed(host) and then["state"]:
            lost.append(host["host"])
        for finding in host["findings"]:
            kind = _kind(finding, then)
            if kind:
                status = then["open"][finding["id"]] if kind == GONE else finding["status"]
                found[kind][finding["id"], finding["title"], status].append(host["host"])
    return {**{kind: _listed(found[kind]) for kind in KINDS}, "lost": sorted(lost)}


def _kind(finding: Mapping, then: Mapping) -> str | None:
    was = then["open"].get(finding["id"])
    if _counts(finding):
        if was in (finding["status"], FAIL):
            return None
        return RETURNED if finding["id"] in then["past"] else NEW
    return GONE if was and finding["status"] in (OK, NOT_APPLICABLE) else None


def _counts(finding: Mapping) -> bool:
    return finding["status"] in _OPEN and not void(finding)


def _listed(found: Mapping[tuple, list[str]]) -> list[dict]:
    """What fails first, then the largest."""
    order = sorted(found.items(), key=lambda item: (_OPEN.index(item[0][2]), -len(item[1]), item[0][0]))
    return [
        {"id": id_, "title": title, "status": status, "hosts": sorted(hosts)} for (id_, title, status), hosts in order
    ]


def record(report: Mapping, last: Mapping, changes: Mapping, most: int) -> dict:
    """What is kept of a run, with what is still known of hosts that it did not have."""
    generated = report["generated"]
    oldest = (_time(generated) - _FORGET).strftime("%Y-%m-%dT%H:%M:%SZ")
    hosts = {name: host for name, host in last["hosts"].items() if host["seen"] >= oldest}
    for host in report["hosts"]:
        hosts[host["host"]] = _host(host, hosts.get(host["host"]), generated)
    run = {
        "generated": generated,
        "summary": report["summary"],
        "open": _open_by_check(report["hosts"]),
        **{kind: sum(len(one["hosts"]) for one in changes[kind]) for kind in KINDS},
    }
    trend = [*last["trend"], run][-max(most, 1) :]
    return {"schema": _SCHEMA, "generated": generated, "hosts": hosts, "trend": trend}


def _host(host: Mapping, last: Mapping | None, generated: str) -> dict:
    open_, past = dict(last["open"] if last else {}), set(last["past"] if last else ())
    for finding in host["findings"]:
        id_ = finding["id"]
        if _counts(finding):
            open_[id_] = finding["status"]
            past.discard(id_)
        elif id_ in open_ and finding["status"] in (OK, NOT_APPLICABLE, *_OPEN):
            del open_[id_]
            past.add(id_)
    return {"seen": generated, "state": not undiagnosed(host), "open": open_, "past": sorted(past)}


def _open_by_check(hosts: Iterable[Mapping]) -> dict[str, int]:
    counted = collections.Counter(finding["id"] for host in hosts for finding in host["findings"] if _counts(finding))
    return dict(counted.most_common())


def _read(path: str) -> Mapping:
    """The record in a file: one of a history, or that of a report (a file, or its directory)."""
    place = pathlib.Path(os.path.expanduser(path))
    try:
        place = place / "report.json" if place.is_dir() else place
        found = _states.read(place, _states.LIMIT_OF_FLEET)
        if is_whole(found, REPORT):
            return record(found, _NONE, dict.fromkeys(KINDS, ()), 1)
        if is_whole(found, _RECORD) and found["schema"] == _SCHEMA and _time(found["generated"]):
            return {name: found[name] for name in _NONE}
    except OSError as error:
        raise ValueError(f"Cannot compare with '{path}': {error.strerror}") from error
    except (ValueError, TypeError, KeyError):
        pass
    raise ValueError(f"Cannot compare with '{path}': it is neither a record of a history nor a report")


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
