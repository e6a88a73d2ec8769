# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an approval of a fix rests on: the call of its remedy, and the evidence that decided it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping

from ._model import CONFIRM, FAIL, UNKNOWN, WARN, Catalogue

_DIGITS = 16
_TIME = re.compile(
    r"(?:\d{4}[-/]\d\d[-/]\d\d[T ]|[A-Z][a-z]{2} [ \d]\d )\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
)
_PROCESS = re.compile(r"\[\d+\]")
_OPEN = (FAIL, WARN)


def entries(diagnosis: Mapping, plan: Mapping, catalogue: Catalogue) -> dict[str, dict]:
    """What a plan does, by check, for people and for `changed`."""
    found = {one["id"]: one for one in diagnosis["findings"]}
    return {id_: _entry(found[id_], catalogue) for step in plan["steps"] for id_ in step["checks"]}


def _entry(finding: Mapping, catalogue: Catalogue) -> dict:
    remedy, fix = catalogue.remedies[finding["remedy"]], finding["fix"]
    return {
        "remedy": remedy.name,
        "parameters": fix["parameters"],
        "class": CONFIRM if fix["confirm"] else remedy.needs,
        "why": finding["why"],
        "seconds": remedy.seconds,
        "restarts_agent": remedy.needs_restart or remedy.starts(fix["parameters"]),
        "evidence": evidence(finding),
    }


def approval(entry: Mapping) -> dict[str, str]:
    """What `changed` compares of an entry. Nothing else of it is used."""
    return {"call": call(entry["remedy"], entry["parameters"]), "evidence": entry["evidence"]}


def call(remedy: str, parameters: Mapping) -> str:
    """A hash of how a remedy is called."""
    return _hash([remedy, parameters])


def evidence(finding: Mapping) -> str:
    """A hash of what decided a finding.

    Numbers, times and the process numbers in lines of logs are readings: they differ at each look, and where the
    difference matters, the check decides otherwise.
    """
    facts = [[one["source"], _fixed(one["value"])] for one in finding["evidence"]]
    return _hash([finding["id"], finding["status"], finding["fix"], facts])


def changed(findings: Iterable[Mapping], approved: Mapping[str, Mapping]) -> list[str]:
    """The approved checks whose finding or fix is another one now. What is no longer found needs no fix."""
    now = {one["id"]: one for one in findings if one["id"] in approved and one["status"] in (*_OPEN, UNKNOWN)}
    return [id_ for id_, finding in now.items() if not _same(finding, approved[id_])]


def _same(finding: Mapping, approved: Mapping) -> bool:
    if finding["status"] not in _OPEN or finding["fix"] is None:
        return False
    now = {"call": call(finding["remedy"], finding["fix"]["parameters"]), "evidence": evidence(finding)}
    return now == approved


def _fixed(value: object) -> object:
    """The value without its readings."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return _PROCESS.sub("[a process]", _TIME.sub("a time", value))
    if isinstance(value, Mapping):
        return {key: _fixed(part) for key, part in value.items()}
    return [_fixed(part) for part in value] if isinstance(value, (list, tuple)) else value


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
