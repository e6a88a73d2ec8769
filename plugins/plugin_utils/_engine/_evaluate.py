# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges one subject: every check, the findings in order, the verdict, the first cause."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence

from ._gaps import LIVE, NOT_ASKED
from ._model import (
    AZURE,
    CRITICAL,
    FAIL,
    INFO,
    OK,
    SEVERITIES,
    STATUSES,
    UNKNOWN,
    WARN,
    ByHand,
    Catalogue,
    Check,
    Effect,
    Fix,
    Stage,
    Verdict,
    unknown,
    warn,
)
from ._reconcile import Reconciled, reconcile
from ._safe import MAX_ITEMS, safe
from ._state import AzureState, FleetState, GuestState, MissingFact
from ._want import Want

_OPEN = (FAIL, WARN)

READY, AT_RISK, DEGRADED, BLOCKED, UNREACHABLE = "ready", "at_risk", "degraded", "blocked", "unreachable"
PARTIAL = "partial"
"""Nothing was found, and a critical check was left out by choice."""
VERDICTS = (BLOCKED, UNREACHABLE, UNKNOWN, DEGRADED, AT_RISK, PARTIAL, READY)
"""Verdicts of hosts, the worst first."""


def evaluate(
    raw: Mapping,
    catalogue: Catalogue,
    want: Want | None = None,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    error_code: str | None = None,
    azure: Mapping | None = None,
    told: bool = False,
    waived: Mapping[str, Mapping] | None = None,
) -> dict:
    """Judges a state: ``{platform, verdict, first_cause, cause, findings}``.

    ``cause`` is the first cause as the fleet groups it, ``{id, key, text}``, or None.
    ``only`` and ``skip`` take ids and former ids of checks. The checks that explain ``error_code`` rank first; without
    one, those that explain the code of the last backup job. Where there is a code, the result names it with its origin.
    ``azure``: the state of the guest's virtual machine, which the checks of Azure judge. The result then names the
    ``effects`` of Azure's side on the guest's. ``told``: that state has no more than the guest could tell of its
    machine; checks of Azure that need more are left out. Checks that were left out by choice are ``left_out``, their
    number and the ids of the critical ones; without these a host is not ready. ``waived``: findings that do not count,
    nor does what follows from them, by check, each with what its finding says of it.
    """
    state = GuestState(raw, want)
    machine = AzureState(raw if azure is None else azure, want, None if azure is None else state)
    chosen = _chosen(catalogue, only, skip)
    left_out = [
        check for id_, check in catalogue.checks.items() if id_ not in chosen and not (told and AZURE in check.subjects)
    ]
    critical = sorted(check.id for check in left_out if check.severity == CRITICAL)
    found = {id_: judge(check, machine if AZURE in check.subjects else state) for id_, check in chosen.items()}
    if told:
        chosen = {
            id_: check for id_, check in chosen.items() if AZURE not in check.subjects or found[id_].status != UNKNOWN
        }
        found = {id_: found[id_] for id_ in chosen}
    named, by_code = _named(catalogue, state, found)
    live = raw.get("mode", "live") == "live"
    reconciled = reconcile(chosen, found)
    verdicts, counting = reconciled.verdicts, reconciled.counting
    ranking = _ranking_code(error_code, found.values())
    causes = {
        id_: _explanation(
            id_, catalogue, counting if id_ in counting else verdicts, named.get(id_, ()), by_code, live=live
        )
        for id_ in chosen
    }
    reconciled = dataclasses.replace(reconciled, waived=_waived(waived or {}, verdicts, causes))
    counting = reconciled.counting
    code = ranking.get("error_code", {}).get("code")
    explaining = _explaining(code, catalogue, chosen) if code else ()
    ranked = _ranked(chosen, verdicts, causes, _with_their_causes(explaining, causes), reconciled)
    first = next((id_ for id_ in ranked[:1] if id_ in counting and verdicts[id_].status in _OPEN), None)
    return {
        "platform": raw.get("platform"),
        "verdict": _host_verdict(chosen, reconciled, raw, bool(critical)),
        "first_cause": first,
        "cause": first and {"id": first, "key": safe(verdicts[first].key), "text": safe(verdicts[first].why)},
        "findings": [
            {**_finding(chosen[id_], verdicts[id_], causes[id_]), **_weakened(id_, reconciled)} for id_ in ranked
        ],
        **ranking,
        **({"left_out": {"checks": len(left_out), "critical": critical}} if left_out else {}),
        **({"effects": reconciled.effects} if reconciled.effects else {}),
    }


def without_guest(result: Mapping, machine: Mapping) -> dict:
    """The result of a host whose guest gave no state, with what Azure's side says of its virtual machine alone.

    That the guest is silent is no fault where its machine is off, or where its backups do not use it. Else the worse of
    the two verdicts counts.
    """
    joined = {**result, **{name: machine[name] for name in ("findings", "error_code", "effects") if name in machine}}
    silent = {Effect.OFF.value, Effect.GUEST_NOT_USED.value}.intersection(machine.get("effects", ()))
    if silent or VERDICTS.index(machine["verdict"]) < VERDICTS.index(result["verdict"]):
        joined.update({name: machine[name] for name in ("verdict", "first_cause", "cause")})
    return {**joined, "reason": None} if silent else joined


def evaluate_fleet(
    states: Mapping[str, Mapping],
    catalogue: Catalogue,
    want: Want | None = None,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    machines: Mapping[str, Mapping] | None = None,
) -> list[dict]:
    """Judges all states of a run together, by host: the findings that are not healthy, each with its ``hosts``.

    ``machines``: the states of virtual machines in Azure, by host or, where a machine is no host, by a name of its own.
    """
    fleet = FleetState(states, want, machines)
    chosen = _chosen(catalogue, only, skip)
    verdicts = {id_: judge(check, fleet) for id_, check in chosen.items()}
    causes = {id_: _explanation(id_, catalogue, verdicts, ()) for id_ in chosen}
    return [
        {**_finding(chosen[id_], verdicts[id_], causes[id_]), "hosts": list(verdicts[id_].hosts)}
        for id_ in _ranked(chosen, verdicts, causes, (), Reconciled(verdicts))
        if verdicts[id_].status in (*_OPEN, UNKNOWN)
    ]


def judge(check: Check, state: GuestState | FleetState) -> Verdict:
    """The verdict of one check; facts that are missing or of the wrong form make it unknown."""
    try:
        if isinstance(state, GuestState):
            for path in check.needs:
                state.find(path)
        return check.judge(state)
    except MissingFact as missing:
        return unknown(f"Missing fact {missing.path}: {missing.reason}", gap=missing.gap)
    except Exception as error:  # pylint: disable=broad-except
        # A state from another version or a damaged file: this one condition cannot be judged, the others can.
        return unknown(f"The guest state does not have the expected form: {type(error).__name__}: {error}")


def _chosen(catalogue: Catalogue, only: Collection[str], skip: Collection[str]) -> dict[str, Check]:
    return {
        id_: check
        for id_, check in catalogue.checks.items()
        if (not only or not check.names.isdisjoint(only)) and check.names.isdisjoint(skip)
    }


def _explaining(error_code: str, catalogue: Catalogue, chosen: Mapping[str, Check]) -> list[str]:
    """The checks that explain an error code: by their own word, or by that of the known messages."""
    coded = catalogue.coded(error_code)
    return [id_ for id_, check in chosen.items() if error_code in check.error_codes or id_ in coded]


def _named(
    catalogue: Catalogue, state: GuestState, verdicts: dict[str, Verdict]
) -> tuple[dict[str, list[str]], set[str]]:
    """The causes that messages of the guest name, by the check that they explain, and those that only a code names.

    A cause that is in order by now, or is not known, was there at the time of the message: it becomes a warning.
    """
    found: dict[str, list[str]] = {}
    by_code: set[str] = set()
    try:
        messages = catalogue.named(state)
    except Exception:  # pylint: disable=broad-except
        messages = ()
    for one in messages:
        if one.cause == one.symptom or one.cause not in verdicts or _status(verdicts, one.symptom) not in _OPEN:
            continue
        if one.symptom in catalogue.chain(one.cause):
            continue
        verdict = verdicts[one.cause]
        if verdict.status not in _OPEN:
            if one.found:
                continue
            why = "The message of the failure names this as its reason"
            now = " (it is in order now)" if verdict.status == OK else ""
            verdicts[one.cause] = warn(f"{why}{now}", one.evidence, *verdict.evidence, key=why)
            if one.by_code:
                by_code.add(one.cause)
        elif one.evidence not in verdict.evidence:
            verdicts[one.cause] = dataclasses.replace(verdict, evidence=(*verdict.evidence, one.evidence))
        found.setdefault(one.symptom, []).append(one.cause)
    return found, by_code


def _ranked(
    chosen: Mapping[str, Check],
    verdicts: Mapping[str, Verdict],
    causes: Mapping[str, str | None],
    likely: Collection[str],
    reconciled: Reconciled,
) -> list[str]:
    # A warning that explains a failure stands where failures do, and so does what explains it.
    lifted = {cause for id_ in chosen if verdicts[id_].status == FAIL for cause in _chain(id_, causes)}

    def rank(id_: str) -> tuple:
        check, verdict = chosen[id_], verdicts[id_]
        return (
            id_ in reconciled.void or id_ in reconciled.waived,
            STATUSES.index(FAIL if id_ in lifted else verdict.status),
            # What stops a point comes before what only degrades it.
            reconciled.degrades and verdict.status == FAIL and check.of_guest,
            id_ not in likely,
            causes[id_] is not None,
            check.stage,
            SEVERITIES.index(check.severity),
            id_,
        )

    return sorted(chosen, key=rank)


def _ranking_code(given: str | None, found: Iterable[Verdict]) -> dict:
    """The error code by which findings rank, and who gave it; nothing where there is none."""
    if given:
        return {"error_code": {"code": given, "from": "operator"}}
    code = next((verdict.error_code for verdict in found if verdict.error_code), None)
    return {"error_code": {"code": code, "from": "job"}} if code else {}


def _explanation(
    id_: str,
    catalogue: Catalogue,
    verdicts: Mapping[str, Verdict],
    named: Sequence[str],
    by_code: Collection[str] = (),
    *,
    live: bool = True,
) -> str | None:
    """The id of the failed check that this failed check follows from, the nearest in the chain of causes.

    A failure is explained by failures, also where checks between the two pass: the same cause often acts on both
    directly. Without one, it is explained by the warning that its own message names. A warning is explained by a
    failure, else by another warning, with no healthy check between the two. A disk does not show whether a setting was
    in force, so a critical check can only warn of it: there such a warning explains a failure in the same way, unless
    the guest was reached and the extension ran. What only a code names explains the failure that it stands with, and no
    other cause of that.
    """
    status, code = verdicts[id_].status, verdicts[id_].error_code
    if status not in _OPEN:
        return None
    healthy = {other for other, verdict in verdicts.items() if verdict.status == OK}
    unhealthy = list(catalogue.chain(id_, healthy, code))
    if status == FAIL:
        failed = (cause for cause in (*named, *catalogue.chain(id_, code=code)) if _status(verdicts, cause) == FAIL)
        ran = catalogue.checks[id_].stage >= Stage.STATUS
        doubtful = () if live or ran else [one for one in unhealthy if catalogue.checks[one].severity == CRITICAL]
        warned = (cause for cause in doubtful if _status(verdicts, cause) == WARN)
        return next(iter([*failed, *named, *warned]), None)
    chain = [*named, *(cause for cause in unhealthy if cause not in by_code)]
    return next((cause for worse in (FAIL, WARN) for cause in chain if _status(verdicts, cause) == worse), None)


def _status(verdicts: Mapping[str, Verdict], id_: str) -> str | None:
    return verdicts[id_].status if id_ in verdicts else None


def _with_their_causes(ids: Iterable[str], causes: Mapping[str, str | None]) -> set[str]:
    """The ids and everything that explains them: the cause of what explains an error code explains it too."""
    ids = list(ids)
    return {*ids, *(cause for id_ in ids for cause in _chain(id_, causes))}


def _chain(id_: str, causes: Mapping[str, str | None]) -> list[str]:
    """What explains a check, what explains that, and so on."""
    found: list[str] = []
    cause = causes.get(id_)
    while cause and cause not in found and cause != id_:
        found.append(cause)
        cause = causes.get(cause)
    return found


def _host_verdict(chosen: Mapping[str, Check], reconciled: Reconciled, raw: Mapping, partial: bool) -> str:
    verdicts = reconciled.counting
    failed = {id_ for id_, verdict in verdicts.items() if verdict.status == FAIL}
    degraded = reconciled.degrades and all(chosen[id_].of_guest for id_ in failed)
    if failed and not degraded:
        return BLOCKED
    if any(
        verdict.status == UNKNOWN
        and chosen[id_].severity == CRITICAL
        and not _expected_gap(verdict, raw)
        # Once something in the guest has failed, nothing unknown there makes it worse.
        and (not failed or not chosen[id_].of_guest)
        for id_, verdict in verdicts.items()
    ):
        return UNKNOWN
    if failed:
        return DEGRADED
    if any(verdict.status == WARN for verdict in verdicts.values()):
        return AT_RISK
    return PARTIAL if partial else READY


def _expected_gap(verdict: Verdict, raw: Mapping) -> bool:
    """A saved tree cannot have the facts of a running system, and what the operator chose not to ask Azure is not
    known: that alone does not make the host unknown."""
    return verdict.gap == NOT_ASKED or raw.get("mode") != "live" and verdict.gap == LIVE


def _finding(check: Check, verdict: Verdict, consequence_of: str | None) -> dict:
    open_ = verdict.status in _OPEN
    fix = verdict.fix if open_ and isinstance(verdict.fix, Fix) else None
    return {
        "id": check.id,
        "status": verdict.status,
        "severity": check.severity,
        "title": check.title,
        "evidence": [{"source": safe(one.source), "value": safe(one.value)} for one in verdict.evidence[:MAX_ITEMS]],
        "why": safe(verdict.why),
        "gap": verdict.gap,
        "consequence_of": consequence_of,
        "remedy": fix and fix.remedy,
        "fix": fix and fix.as_dict(),
        "advice": _advice(check, verdict) if open_ else None,
        "sources": [dataclasses.asdict(source) for source in check.sources] if open_ else [],
        **({"subject": AZURE} if AZURE in check.subjects else {}),
    }


def _weakened(id_: str, reconciled: Reconciled) -> dict:
    """What a finding has beside the others, where it is waived or Azure's side makes it count for less."""
    if id_ in reconciled.waived:
        return {"waived": dict(reconciled.waived[id_])}
    if id_ not in reconciled.weakened:
        return {}
    return {"weakened_by": reconciled.weakened[id_], **({"severity": INFO} if id_ in reconciled.void else {})}


def _waived(
    waived: Mapping[str, Mapping], verdicts: Mapping[str, Verdict], causes: Mapping[str, str | None]
) -> dict[str, Mapping]:
    """What is waived, with what follows from it."""
    found = {}
    for id_, verdict in verdicts.items():
        if verdict.status in _OPEN:
            by = next((cause for cause in (id_, *_chain(id_, causes)) if cause in waived), None)
            if by:
                found[id_] = waived[by]
    return found


def _advice(check: Check, verdict: Verdict) -> str | None:
    return (verdict.fix.advice if isinstance(verdict.fix, ByHand) else check.advice) or None
