# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges one guest: every check, the findings in order, the verdict, the first cause."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ._model import CRITICAL, FAIL, SEVERITIES, STATUSES, UNKNOWN, WARN, Check, Verdict, unknown
from ._registry import checks
from ._state import NEEDS_LIVE, GuestState, MissingFact
from ._want import Want

READY, AT_RISK, BLOCKED, UNREACHABLE = "ready", "at_risk", "blocked", "unreachable"
VERDICTS = (BLOCKED, UNREACHABLE, UNKNOWN, AT_RISK, READY)
"""Verdicts of hosts, the worst first."""


def evaluate(
    raw: Mapping,
    want: Want | None = None,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    explains: Collection[str] = (),
) -> dict:
    """Judges a guest state: ``{platform, verdict, first_cause, cause, findings}``.

    ``cause`` is the first cause as the fleet groups it, ``{id, key, text}``, or None.
    ``only`` and ``skip`` take check ids. ``explains`` are the ids that explain an error code: they rank first.
    """
    state = GuestState(raw, want)
    platform = raw.get("platform")
    chosen = {
        id_: check
        for id_, check in checks().items()
        if platform in check.platforms and (not only or id_ in only) and id_ not in skip
    }
    verdicts = {id_: judge(check, state) for id_, check in chosen.items()}
    causes = {id_: _explanation(check, verdicts) for id_, check in chosen.items()}
    likely = _with_their_causes(explains, causes)

    def rank(id_: str) -> tuple:
        check, verdict = chosen[id_], verdicts[id_]
        return (
            STATUSES.index(verdict.status),
            id_ not in likely,
            causes[id_] is not None,
            check.stage,
            SEVERITIES.index(check.severity),
            id_,
        )

    ranked = sorted(chosen, key=rank)
    first = ranked[0] if ranked and verdicts[ranked[0]].status in (FAIL, WARN) else None
    return {
        "platform": platform,
        "verdict": _host_verdict(chosen, verdicts, raw),
        "first_cause": first,
        "cause": first and {"id": first, "key": verdicts[first].key, "text": verdicts[first].why},
        "findings": [_finding(chosen[id_], platform, verdicts[id_], causes[id_]) for id_ in ranked],
    }


def judge(check: Check, state: GuestState) -> Verdict:
    """The verdict of one check; facts that are missing or of the wrong form make it unknown."""
    try:
        for path in check.needs:
            state.find(path)
        return check.judge(state)
    except MissingFact as missing:
        return unknown(f"Missing fact {missing.path}: {missing.reason}")
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        # A state from another version or a damaged file: this one condition cannot be judged, the others can.
        return unknown(f"The guest state does not have the expected form: {type(error).__name__}: {error}")


def _explanation(check: Check, verdicts: Mapping[str, Verdict]) -> str | None:
    """The id of the failed check that this failed check follows from.

    A warning never explains a failure, and explains another warning only where no failure does.
    """
    status = verdicts[check.id].status
    if status not in (FAIL, WARN):
        return None
    explaining = (FAIL,) if status == FAIL else (FAIL, WARN)
    known = [id_ for id_ in check.explained_by if id_ in verdicts]
    return next((id_ for worse in explaining for id_ in known if verdicts[id_].status == worse), None)


def _with_their_causes(ids: Iterable[str], causes: Mapping[str, str | None]) -> set[str]:
    """The ids and everything that explains them: the cause of what explains an error code explains it too."""
    found: set[str] = set()
    todo = list(ids)
    while todo:
        id_ = todo.pop()
        if id_ not in found:
            found.add(id_)
            if causes.get(id_):
                todo.append(causes[id_])
    return found


def _host_verdict(chosen: Mapping[str, Check], verdicts: Mapping[str, Verdict], raw: Mapping) -> str:
    statuses = {verdict.status for verdict in verdicts.values()}
    if FAIL in statuses:
        return BLOCKED
    if any(
        verdict.status == UNKNOWN and chosen[id_].severity == CRITICAL and not _expected_gap(verdict, raw)
        for id_, verdict in verdicts.items()
    ):
        return UNKNOWN
    return AT_RISK if WARN in statuses else READY


def _expected_gap(verdict: Verdict, raw: Mapping) -> bool:
    """A saved tree cannot have the facts of a running system: that alone does not make the host unknown."""
    return raw.get("mode") != "live" and verdict.why.endswith(NEEDS_LIVE)


def _finding(check: Check, platform: str, verdict: Verdict, consequence_of: str | None) -> dict:
    return {
        "id": check.id,
        "status": verdict.status,
        "severity": check.severity,
        "title": check.title,
        "evidence": [evidence.as_dict() for evidence in verdict.evidence],
        "why": verdict.why,
        "consequence_of": consequence_of,
        "remedy": check.remedy_on(platform) if verdict.status in (FAIL, WARN) else None,
    }
