# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of one host: which remedies are applied, in which order, with what, and what is left and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from . import _approval, _window
from ._model import AUTO, AZURE, CONFIRM, FAIL, WARN, Catalogue, Remedy
from ._reconcile import unused

_RESTART_SECONDS = 180
"""The lock of another run, a stop and start by systemd, a look at whether the agent stays up."""
_CONFIRM_SECONDS = 600
"""Until the host is reached over a new connection, or the old configuration is back; then the confirmation."""
CONNECTION_SECONDS = 120
"""Beside the probe's own: sign-in, transfer and the start of an interpreter on a busy guest."""
_TRIES, _SLOW_TRIES = (3, 10), (10, 20)
"""How often a fix is verified, and the seconds between two tries. Each counts with all that it may take."""


class Left(Exception):
    """A finding is not planned; the text says why."""


def plan(
    diagnosis: Mapping,
    catalogue: Catalogue,
    now: float,
    allow: Collection[str] = (AUTO,),
    skip: Collection[str] = (),
    window: object = None,
    approved: Mapping[str, Mapping] | None = None,
    timeout: float = 15,
) -> dict:
    """The plan ``{steps, left}`` for a diagnosis as ``findings_info`` returns it.

    ``allow`` takes classes, remedies and ids of checks, ``skip`` remedies and ids of checks. ``approved``: hashes by
    check (`_approval.approval`), which are then all that is allowed; nothing is where one of them has changed.
    ``timeout``: the seconds within which a guest answers.
    A step is one call of one module; what follows from its findings is not left. Raises ValueError in an operator's
    words.
    """
    _window.obstacle(window, now)  # A window that is not understood is refused, also where nothing is to be done.
    changed = _approval.changed(diagnosis["findings"], approved or {})
    # What was approved and cannot be determined now is left with its reason too.
    found = {one["id"]: one for one in diagnosis["findings"] if one["status"] in (FAIL, WARN) or one["id"] in changed}
    left: dict[str, str] = {}
    chosen: dict[str, Mapping] = {}
    for id_, finding in found.items():
        try:
            if approved is not None:
                allow = _approved(id_, approved, changed)
            chosen[id_] = _fix(finding, catalogue, allow, skip)
        except Left as why:
            left[id_] = str(why)
    running = not any(catalogue.checks[id_].agent_runs for id_ in found)
    _drop_what_needs_a_start(catalogue, found, chosen, left, running)
    steps = _steps(catalogue.remedies, found, chosen, running, int(timeout) + CONNECTION_SECONDS)
    for step in steps:
        reason = _window.obstacle(window, now, step["bound"])
        if reason:
            # Nothing more is started: what comes later may rest on what was left out.
            kept = steps[: steps.index(step)]
            left.update({id_: reason for one in steps[len(kept) :] for id_ in one["checks"]})
            steps = kept
            break
    served = {id_ for step in steps for id_ in step["checks"]}
    rest = [
        _rest(catalogue.remedies, found[id_], left[id_])
        for id_ in found
        if id_ in left and _cause(found, id_) not in served
    ]
    return {"steps": steps, "left": rest}


def _approved(id_: str, approved: Mapping[str, Mapping], changed: Sequence[str]) -> tuple[str]:
    """What an approved plan allows for a finding. Raises Left where that is nothing."""
    if changed:
        raise Left(f"the host has changed since the plan was made ({', '.join(changed)}): plan it again")
    if id_ not in approved:
        raise Left("is not in the approved plan")
    return (id_,)


def _fix(finding: Mapping, catalogue: Catalogue, allow: Collection, skip: Collection) -> Mapping:
    """The fix of one finding. Raises Left with the reason when it is not to be planned."""
    fix, remedy = finding["fix"], finding["remedy"]
    if unused(finding):
        raise Left(f"backups of this machine do not use the guest ({finding['weakened_by']})")
    if fix is None:
        raise Left(finding["advice"] or "the collection has no remedy for it")
    if finding["consequence_of"] and not fix["own"]:
        raise Left(f"follows from {finding['consequence_of']}")
    names = {*catalogue.checks[finding["id"]].names, remedy}
    if names & set(skip):
        raise Left("is skipped")
    class_ = _class(catalogue.remedies[remedy], fix)
    if not {class_, *names} & set(allow):
        raise Left(f"not allowed: add '{class_}' (or '{finding['id']}') to remediate_allow")
    return fix


def _class(remedy: Remedy, fix: Mapping) -> str:
    return CONFIRM if fix["confirm"] else remedy.needs


def _cause(found: Mapping, id_: str) -> str:
    """The finding that this one follows from, over any number of findings between."""
    seen = set()
    while (cause := found[id_]["consequence_of"]) in found and id_ not in seen:
        seen.add(id_)
        id_ = cause
    return id_


def _drop_what_needs_a_start(catalogue: Catalogue, found: Mapping, chosen: dict, left: dict, running: bool) -> None:
    """An agent that would not come back must not be restarted."""
    guard = next((id_ for id_ in found if catalogue.checks[id_].keeps_agent_down and id_ not in chosen), None)
    if guard is None:
        return
    for id_ in list(chosen):
        remedy = catalogue.remedies[found[id_]["remedy"]]
        if remedy.starts(chosen[id_]["parameters"]) or running and remedy.needs_restart:
            del chosen[id_]
            left[id_] = f"the agent would not start again until {guard} is fixed"


def _steps(
    remedies: Mapping[str, Remedy], found: Mapping, chosen: Mapping[str, Mapping], running: bool, try_seconds: int
) -> list[dict]:
    steps: dict[str, dict[str, Any]] = {}
    for name, remedy in remedies.items():
        ids = [id_ for id_ in chosen if found[id_]["remedy"] == name]
        if ids:
            classes = {_class(remedy, chosen[id_]) for id_ in ids}
            steps[name] = {
                "remedy": name,
                "class": CONFIRM if CONFIRM in classes else AUTO,
                "checks": ids,
                "why": [found[id_]["why"] for id_ in ids],
                "parameters": {**remedy.defaults, **_merged(chosen[id_]["parameters"] for id_ in ids)},
                "restart": False,
                "confirmed": remedy.confirmed,
                "azure": remedy.platform == AZURE,
                "verify": list(ids),
                "seconds": remedy.seconds,
            }
    last = _place_restart(remedies, steps, running)
    for step in steps.values():
        slow = any(chosen[id_]["slow"] or remedies[found[id_]["remedy"]].slow for id_ in step["verify"])
        step["tries"], step["delay"] = _SLOW_TRIES if slow else _TRIES
        step["restart_seconds"] = _RESTART_SECONDS
        more = step["confirmed"] * _CONFIRM_SECONDS + step["restart"] * _RESTART_SECONDS
        step["bound"] = step["seconds"] + more + step["tries"] * (try_seconds + step["delay"])
    made = list(steps.values())
    if last:
        _bound_to_restart(remedies, made[: made.index(last) + 1])
    return made


def _bound_to_restart(remedies: Mapping[str, Remedy], steps: Sequence[dict]) -> None:
    """What needs a restart is not done before it: the window must not close between the two."""
    seconds = 0
    for step in reversed(steps):
        seconds += step["bound"]
        if remedies[step["remedy"]].needs_restart:
            step["bound"] = seconds


def _place_restart(remedies: Mapping[str, Remedy], steps: Mapping[str, dict], running: bool) -> dict | None:
    """One restart at most, and after the last change that needs it. What it alone proves is verified after it.

    Returns the step with the restart, if something needs one.
    """
    changing = [step for name, step in steps.items() if remedies[name].needs_restart]
    carriers = [step for name, step in steps.items() if remedies[name].restart]
    if carriers:
        last = carriers[-1]
        if changing:
            last["parameters"].update(remedies[last["remedy"]].restart or {})
    elif changing and running:
        last = changing[-1]
        last["restart"] = True
    else:
        return None
    for step in changing:
        if step is not last and not remedies[step["remedy"]].proved_at_once:
            last["verify"] += step["verify"]
            step["verify"] = []
    return last if changing else None


def _merged(parts: Iterable[Mapping]) -> dict:
    merged: dict = {}
    for part in parts:
        for name, value in part.items():
            if isinstance(value, dict):
                merged[name] = {**merged.get(name, {}), **value}
            elif isinstance(value, (list, tuple)):
                merged[name] = list(dict.fromkeys([*merged.get(name, []), *value]))
            else:
                merged[name] = value
    return merged


def _rest(remedies: Mapping[str, Remedy], finding: Mapping, reason: str) -> dict:
    fix, remedy = finding["fix"], finding["remedy"]
    return {
        "check": finding["id"],
        "remedy": remedy,
        "class": fix and _class(remedies[remedy], fix),
        "why": finding["why"],
        "reason": reason,
    }
