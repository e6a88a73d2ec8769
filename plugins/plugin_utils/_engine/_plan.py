# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of one host: which remedies are applied, in which order, with what, and what is left and why."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

from . import _remedies, _remedies_windows, _window
from ._model import FAIL, LINUX, WARN, WINDOWS
from ._remedies import AUTO, CLASSES, CONFIRM, Rule, Unfit
from ._want import Want

RULES = {LINUX: _remedies.RULES, WINDOWS: _remedies_windows.RULES}
"""By platform, then by id of the check."""

_RESTART_SECONDS = 90
TRY_SECONDS = 30
_DELAY, _TRIES, _SLOW_TRIES = 5, 4, 24


def plan(
    diagnosis: Mapping,
    now: float,
    allow: Collection[str] = (AUTO,),
    skip: Collection[str] = (),
    window: Mapping | None = None,
    expect_proxy: object = None,
) -> dict:
    """The plan ``{steps, left}`` for a diagnosis as ``findings_info`` returns it.

    ``allow`` takes classes, remedies and ids of checks, ``skip`` remedies and ids of checks.
    A step is one call of one module; what follows from its findings is not left. Raises ValueError in an operator's
    words.
    """
    words = (*_remedies.SECONDS, *{id_: None for rules in RULES.values() for id_ in rules})
    _known("remediate_allow", allow, (*CLASSES, *words))
    _known("remediate_skip", skip, words)
    rules = RULES.get(diagnosis["platform"], {})
    want = Want.from_options({"expect_proxy": expect_proxy}).expect_proxy
    found = {one["id"]: one for one in diagnosis["findings"] if one["status"] in (FAIL, WARN)}
    left: dict[str, str] = {}
    chosen: dict[str, dict] = {}
    for id_, finding in found.items():
        try:
            chosen[id_] = _parameters(rules.get(id_), finding, allow, skip, want)
        except Unfit as reason:
            left[id_] = str(reason)
    _drop_what_needs_a_start(rules, found, chosen, left)
    steps = _steps(rules, found, chosen, restart="agent_service_running" not in found)
    for step in steps:
        reason = _window.obstacle(window or {}, now, step["bound"])
        if reason:
            # Nothing more is started: what comes later may rest on what was left out.
            kept = steps[: steps.index(step)]
            left.update({id_: reason for one in steps[len(kept) :] for id_ in one["checks"]})
            steps = kept
            break
    served = {id_ for step in steps for id_ in step["checks"]}
    rest = [
        _rest(rules.get(id_), found[id_], left[id_])
        for id_ in found
        if id_ in left and _cause(found, id_) not in served
    ]
    return {"steps": steps, "left": rest}


def _parameters(rule: Rule | None, finding: Mapping, allow: Collection, skip: Collection, want: object) -> dict:
    """The module's parameters for one finding. Raises Unfit with the reason when it is not to be planned."""
    if rule is None or finding["remedy"] is None:
        raise Unfit("there is no remedy")
    if finding["consequence_of"] and not rule.own:
        raise Unfit(f"follows from {finding['consequence_of']}")
    if finding["id"] in skip or rule.remedy in skip:
        raise Unfit("is skipped")
    parameters = rule.parameters(finding, want)
    if not {rule.needs, rule.remedy, finding["id"]} & set(allow):
        raise Unfit(f"needs agreement: class {rule.needs} is not allowed")
    return parameters


def _cause(found: Mapping, id_: str) -> str:
    """The finding that this one follows from, over any number of findings between."""
    while (cause := found[id_]["consequence_of"]) in found:
        id_ = cause
    return id_


def _drop_what_needs_a_start(rules: Mapping[str, Rule], found: Mapping, chosen: dict, left: dict) -> None:
    """An agent that would not come back must not be restarted."""
    guard = next((id_ for id_ in _remedies.GUARDS if id_ in found and id_ not in chosen), None)
    if guard is None:
        return
    running = "agent_service_running" not in found
    for id_ in list(chosen):
        remedy = rules[id_].remedy
        starts = remedy in ("waagent_service", "snapshot_extension") or "restarted" in chosen[id_]
        if starts or running and remedy in _remedies.RESTARTS:
            del chosen[id_]
            left[id_] = f"the agent would not start again before {guard} is put right"


def _steps(rules: Mapping[str, Rule], found: Mapping, chosen: Mapping[str, dict], restart: bool) -> list[dict]:
    steps = {}
    for remedy, seconds in _remedies.SECONDS.items():
        ids = [id_ for id_ in chosen if rules[id_].remedy == remedy]
        if ids:
            steps[remedy] = {
                "remedy": remedy,
                "class": CONFIRM if any(rules[id_].needs == CONFIRM for id_ in ids) else AUTO,
                "checks": ids,
                "why": [found[id_]["why"] for id_ in ids],
                "parameters": _merged(chosen[id_] for id_ in ids),
                "restart": False,
                "verify": list(ids),
                "seconds": seconds,
            }
    last = _place_restart(steps, restart)
    for step in steps.values():
        slow = any(rules[id_].slow for id_ in step["verify"])
        step["tries"], step["delay"] = _SLOW_TRIES if slow else _TRIES, _DELAY
        restarts = _RESTART_SECONDS if step["restart"] else 0
        step["bound"] = step["seconds"] + restarts + step["tries"] * (TRY_SECONDS + _DELAY)
    made = list(steps.values())
    if last:
        _bound_to_restart(made[: made.index(last) + 1])
    return made


def _bound_to_restart(steps: Sequence[dict]) -> None:
    """What needs a restart is not done before it: the window must not close between the two."""
    seconds = 0
    for step in reversed(steps):
        seconds += step["bound"]
        if step["remedy"] in _remedies.RESTARTS:
            step["bound"] = seconds


def _place_restart(steps: Mapping[str, dict], running: bool) -> dict | None:
    """One restart at most, and after the last change that needs it. What it alone proves is verified after it.

    Returns the step with the restart, if something needs one.
    """
    changing = [steps[remedy] for remedy in _remedies.RESTARTS if remedy in steps]
    service = steps.get("waagent_service")
    if service is not None:
        # Whether the agent starts at boot is another finding.
        service["parameters"].setdefault("enabled", False)
        if changing:
            service["parameters"]["state"] = "restarted"
        last = service
    elif changing and running:
        last = changing[-1]
        last["restart"] = True
    else:
        return None
    for step in changing:
        if step is not last and step["remedy"] != "waagent_conf":
            last["verify"] += step["verify"]
            step["verify"] = []
    return last if changing else None


def _merged(parts: Iterable[Mapping]) -> dict:
    merged: dict = {}
    for part in parts:
        for name, value in part.items():
            if isinstance(value, dict):
                merged[name] = {**merged.get(name, {}), **value}
            elif isinstance(value, list):
                merged[name] = list(dict.fromkeys([*merged.get(name, []), *value]))
            else:
                merged[name] = value
    return merged


def _rest(rule: Rule | None, finding: Mapping, reason: str) -> dict:
    known = rule is not None and finding["remedy"] is not None
    return {
        "check": finding["id"],
        "remedy": rule.remedy if known else None,
        "class": rule.needs if known else None,
        "why": finding["why"],
        "reason": reason,
    }


def _known(option: str, words: Iterable[str], choices: Collection[str]) -> None:
    for word in words:
        if word not in choices:
            close = difflib.get_close_matches(word, choices, n=3, cutoff=0.5)
            hint = f"; did you mean {', '.join(close)}?" if close else ""
            raise ValueError(f"Cannot use '{word}' in '{option}': it is none of the classes, remedies and checks{hint}")
