# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report leads with: one sentence for the fleet, and the hosts by the cause that they share."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping

from .._engine._evaluate import AT_RISK, BLOCKED, DEGRADED, PARTIAL, READY, UNREACHABLE, VERDICTS
from .._engine._evaluate import UNKNOWN as UNDECIDED
from .._engine._model import AZURE, CRITICAL, FAIL, UNKNOWN
from .._engine._reconcile import waived
from ._text import visible

VERDICT_NAMES = {
    BLOCKED: "blocked",
    UNREACHABLE: "unreachable",
    UNDECIDED: "unknown",
    DEGRADED: "degraded",
    AT_RISK: "at risk",
    PARTIAL: "partly checked",
    READY: "ready",
}

KINDS = {
    "unprotected": "Nothing backs these up",
    "blocked": "These stop the next backup",
    "no_state": "These hosts could not be diagnosed",
    "undecided": "These hosts could not be judged",
    "degraded": "These leave the next backup without a consistent point",
    "at_risk": "These may stop a later backup",
}
"""Kinds of groups with their headings, the most urgent first."""
_STOPPING = ("unprotected", "blocked")
_MOST_NAMES = 10
_MERGED = {"several": "in several of the merged reports, the latest counts", "absent": "in none of the merged reports"}


@dataclasses.dataclass(frozen=True)
class Group:
    """Hosts that are not ready for one and the same reason. ``id`` is None where a host gave no state."""

    kind: str
    id: str | None
    text: str
    hosts: tuple[str, ...]
    title: str | None = None
    remedy: str | None = None
    advice: str | None = None
    sources: tuple[tuple[str, str], ...] = ()
    """Pages that the rule rests on, as ``(title, url)``."""
    several: int = 0
    """Number of hosts that something else stops as well."""


def groups(report: Mapping) -> list[Group]:
    """Every host that is not ready, in exactly one group; by urgency, then the largest first."""
    hosts = {host["host"]: host for host in report["hosts"]}
    found = [_shared(cause, [hosts[name] for name in cause["hosts"]]) for cause in report["causes"]]
    found += _undecided(report["hosts"])
    kinds = list(KINDS)
    return sorted(found, key=lambda group: (kinds.index(group.kind), -len(group.hosts), group.text))


def _shared(cause: Mapping, hosts: list[Mapping]) -> Group:
    finding = hosts[0]["findings"][0] if cause["id"] and hosts[0]["findings"] else {}
    if cause["id"] is None:
        kind = "no_state"
    elif finding.get("subject") == AZURE and all(_unprotected(host) for host in hosts):
        kind = "unprotected"
    else:
        failing = [host["verdict"] for host in hosts if host["findings"] and host["findings"][0]["status"] == FAIL]
        kind = "at_risk" if not failing else "degraded" if set(failing) == {DEGRADED} else "blocked"
    names = tuple(cause["hosts"])
    if not finding:
        return Group(kind, cause["id"], cause["text"], names)
    sources = tuple((source["title"], source["url"]) for source in finding["sources"])
    about = (finding["title"], finding["remedy"], finding["advice"], sources)
    return Group(kind, cause["id"], cause["text"], names, *about, sum(bool(further_causes(host)) for host in hosts))


def _unprotected(host: Mapping) -> bool:
    return host.get("azure", {}).get("protected") is False


def _undecided(hosts: Iterable[Mapping]) -> list[Group]:
    """Hosts of which too little is known to name a cause, by the first critical condition that stayed open."""
    found: dict[tuple, list[Mapping]] = {}
    for host in hosts:
        if host["verdict"] == UNDECIDED and host["first_cause"] is None and not host["reason"]:
            open_ = first_open(host) or {"id": None, "why": "No condition could be judged", "title": None}
            found.setdefault((open_["id"], open_["why"], open_["title"]), []).append(host)
    return [
        Group("undecided", id_, why, tuple(host["host"] for host in members), title)
        for (id_, why, title), members in found.items()
    ]


def first_open(host: Mapping) -> Mapping | None:
    """The first critical finding of a host that could not be decided."""
    open_ = (one for one in host["findings"] if one["status"] == UNKNOWN and one["severity"] == CRITICAL)
    return next(open_, None)


def cause_text(host: Mapping) -> str:
    """Why this host is not ready, or is so only with waivers, in one sentence; empty for one that is just ready."""
    if host["first_cause"] and host["findings"]:
        return host["findings"][0]["why"]
    if host["reason"]:
        return host["reason"]
    if host["verdict"] == UNDECIDED:
        return (first_open(host) or {"why": "No condition could be judged"})["why"]
    return waived_note(host)


def waived_note(host: Mapping) -> str:
    """How many findings of the host are waived; empty where none is."""
    return f"with {counted(waived(host), 'waived finding')}" if waived(host) else ""


def further_causes(host: Mapping) -> list[str]:
    """What also stops the next backup of this host, and follows from nothing else."""
    if host["verdict"] != BLOCKED or not host["first_cause"]:
        return []
    return [
        finding["why"]
        for finding in host["findings"]
        if finding["status"] == FAIL
        and finding["consequence_of"] is None
        and not finding.get("weakened_by")
        and finding["id"] != host["first_cause"]
    ]


def counted(number: int, noun: str = "host") -> str:
    """``1 host``, ``5,000 hosts``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def headline(summary: Mapping[str, int]) -> str:
    """The state of the fleet in one sentence, which never leaves out that findings are waived."""
    with_waived = summary.get("waived")
    has = "has" if with_waived == 1 else "have"
    return _state(summary) + (f"; {counted(with_waived)} {has} waived findings" if with_waived else "")


def _state(summary: Mapping[str, int]) -> str:
    total, blocked, open_ = summary["hosts"], summary[BLOCKED], summary[UNREACHABLE] + summary[UNDECIDED]
    if not total:
        return "No hosts were diagnosed"
    if blocked:
        return f"{_of(blocked, total)} {'fails its' if blocked == 1 else 'fail their'} next backup"
    if open_:
        return f"{_of(open_, total)} could not be judged; no host is known to be blocked"
    if summary[DEGRADED]:
        gets = "gets" if summary[DEGRADED] == 1 else "get"
        return f"{_of(summary[DEGRADED], total)} {gets} crash-consistent points only; none is blocked"
    if summary[AT_RISK]:
        return f"{_of(summary[AT_RISK], total)} {'is' if summary[AT_RISK] == 1 else 'are'} at risk; none is blocked"
    if summary[PARTIAL]:
        return f"Nothing was found on {_of(total, total).lower()}, but critical checks were left out"
    return f"{_of(total, total)} {'is ready for its' if total == 1 else 'are ready for their'} next backup"


def scope(report: Mapping) -> list[str]:
    """What the verdicts do not rest on, in sentences: checks that were left out, missing rights, saved trees."""
    found = report["scope"]
    sentences = []
    if found["left_out"]:
        checks, critical = found["left_out"]["checks"], found["left_out"]["critical"]
        of_them = f", {critical:,} of them critical" if critical else ""
        sentences.append(f"{counted(checks, 'check')} left out by choice{of_them}.")
    for name, why in (("unprivileged", "without root or administrator rights"), ("saved", "from a file tree")):
        if found[name]:
            sentences.append(f"{counted(found[name])} judged {why}: facts are missing.")
    merged = report["run"].get("merged", {})
    for name, said in _MERGED.items():
        if name in merged:
            sentences.append(f"{counted(len(merged[name]))} {said}: {_few(merged[name])}.")
    return sentences


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(map(visible, names[:_MOST_NAMES])) + more


def _of(part: int, total: int) -> str:
    if part < total:
        return f"{part:,} of {counted(total)}"
    return "The host" if total == 1 else f"All {total:,} hosts"


def share(found: list[Group]) -> str:
    """How much the largest causes account for: what to repair first. Empty where nothing is blocked."""
    stopping = [group for group in found if group.kind in _STOPPING]
    sizes = sorted((len(group.hosts) for group in stopping), reverse=True)
    if not sizes:
        return ""
    several = sum(group.several for group in stopping)
    if several:
        alone = max(len(group.hosts) - group.several for group in stopping)
        most = f"The largest cause alone accounts for {alone:,}; " if alone else ""
        return f"{most}{counted(several)} {'has' if several == 1 else 'have'} more than one cause."
    if len(sizes) == 1:
        return f"One cause accounts for {'it' if sizes[0] == 1 else 'all of them'}."
    if sizes[0] == 1:
        return f"Each of the {len(sizes):,} has a cause of its own."
    top = min(3, len(sizes) - 1)
    largest = "the largest alone accounts" if top == 1 else f"the largest {('two', 'three')[top - 2]} account"
    return f"They have {len(sizes):,} causes; {largest} for {sum(sizes[:top]):,}."


def by_verdict(report: Mapping) -> list[str]:
    """``3 blocked``, ``9 ready (1 with waived findings)``: the number of hosts of each verdict, the worst first."""
    with_waived = Counter(host["verdict"] for host in report["hosts"] if waived(host))
    return [
        f"{report['summary'][verdict]:,} {VERDICT_NAMES[verdict]}"
        + (f" ({with_waived[verdict]:,} with waived findings)" if with_waived[verdict] else "")
        for verdict in VERDICTS
        if report["summary"][verdict]
    ]
