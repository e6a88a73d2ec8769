# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between two states of guests: findings that appeared or went, and facts that checks read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from ._engine._model import FAIL, UNKNOWN, WARN
from ._engine._reads import Path, reads
from ._engine._state import missing_reason
from ._registry import catalogue, diagnose
from ._report._text import visible
from ._saved import Saved, loaded

MOST_FACTS = 20
_OPEN = (FAIL, WARN)
_LONGEST = 100
_SIGNS = {"appeared": "+", "went": "-", "changed": "~"}


def pairs(before: list[Saved], after: list[Saved]) -> tuple[list[tuple[Saved, Saved]], list[str], list[str]]:
    """The guests to compare, and the names of those that only one side has. One guest a side need not be the same."""
    if len(before) == len(after) == 1:
        return [(before[0], after[0])], [], []
    old, new = ({saved.name: saved for saved in side} for side in (before, after))
    both = [(old[name], new[name]) for name in old if name in new]
    return both, [name for name in old if name not in new], [name for name in new if name not in old]


def nothing_in_common(sides: list[list[Saved]], names: list[str]) -> str:
    """Why two sides without a guest of the same name cannot be compared, in a sentence."""
    for side in sides:
        if len(side) == 1:
            try:
                loaded(side[0])
            except ValueError as error:
                return str(error)
    return f"Cannot compare '{names[0]}' with '{names[1]}': they have no guest of the same name"


def compare(old: Saved, new: Saved, choices: Mapping) -> dict:
    """What differs between two guests; ``error`` says why they cannot be compared."""
    names = {"before": old.name, "after": new.name}
    try:
        before, after = loaded(old), loaded(new)
        if before["platform"] != after["platform"]:
            systems = f"one is {before['platform']}, the other is {after['platform']}"
            raise ValueError(f"Cannot compare '{old.name}' with '{new.name}': {systems}")
    except ValueError as error:
        return {**names, "error": str(error), "verdicts": None, "findings": [], "facts": []}
    results = [diagnose(state, **choices) for state in (before, after)]
    findings = list(_findings(*(result["findings"] for result in results)))
    verdicts = [result["verdict"] for result in results]
    facts = _facts(before, after, {finding["id"] for finding in findings}, choices)
    return {**names, "error": None, "verdicts": verdicts, "findings": findings, "facts": facts}


def _findings(before: Iterable[Mapping], after: Iterable[Mapping]) -> Iterator[dict]:
    """Findings with another status, or another reason for an open one."""
    old, new = ({finding["id"]: finding for finding in side} for side in (before, after))
    for id_ in {**new, **old}:
        # What one side could not judge at all is not in it.
        sides = [side.get(id_, {"status": UNKNOWN, "why": ""}) for side in (old, new)]
        statuses, whys = ([side[name] for side in sides] for name in ("status", "why"))
        was, is_ = (status in _OPEN for status in statuses)
        if statuses[0] == statuses[1] and (not is_ or whys[0] == whys[1]):
            continue
        change = "changed" if was == is_ else "appeared" if is_ else "went"
        title = (new.get(id_) or old[id_])["title"]
        yield {"id": id_, "title": title, "change": change, "statuses": statuses, "whys": whys}


def _facts(old: Mapping, new: Mapping, changed: set[str], choices: Mapping) -> list[dict]:
    """Facts that checks read and that differ, those first that a finding with another status rests on."""
    readers: dict[Path, set[str]] = {}
    for check in catalogue(old["platform"]).checks.values():
        for state in (old, new):
            for path in reads(check, state, choices.get("want")):
                readers.setdefault(path, set()).add(check.id)
    found = []
    for path, checks in sorted(readers.items()):
        values = [_value(state, path) for state in (old, new)]
        if values[0] != values[1]:
            entry = {"fact": ".".join(path), "checks": sorted(checks), "decides": bool(checks & changed)}
            found.append({**entry, "before": values[0], "after": values[1]})
    return sorted(found, key=lambda entry: not entry["decides"])


def _value(state: Mapping, path: Path) -> dict:
    value: object = state
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return {"missing": missing_reason(state["missing"], ".".join(path))}
        value = value[name]
    return {"value": value}


def lines(comparison: Mapping) -> Iterator[str]:
    """One comparison for a terminal."""
    names = [comparison["before"], comparison["after"]]
    name = names[0] if names[0] == names[1] else " against ".join(names)
    if comparison["error"]:
        yield f"{name}: {visible(comparison['error'])}"
        return
    yield f"{name}: {' -> '.join(dict.fromkeys(comparison['verdicts']))}"
    for finding in comparison["findings"]:
        head = f"  {_SIGNS[finding['change']]} {finding['id']}: {' -> '.join(dict.fromkeys(finding['statuses']))}"
        yield f"{head}: {visible(finding['whys'][finding['change'] != 'went'])}"
    deciding = [fact for fact in comparison["facts"] if fact["decides"]]
    for fact in deciding[:MOST_FACTS]:
        yield f"    {visible(fact['fact'])}: {_short(fact['before'])} -> {_short(fact['after'])}"
    left = len(comparison["facts"]) - len(deciding[:MOST_FACTS])
    if left:
        yield f"    and {left:,} more facts that checks read"


def _short(value: Mapping) -> str:
    if "missing" in value:
        return "missing"
    text = json.dumps(value["value"], ensure_ascii=False)
    return visible(text if len(text) <= _LONGEST else text[: _LONGEST - 4] + " ...")
