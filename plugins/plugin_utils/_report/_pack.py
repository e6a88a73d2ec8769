# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report without its repetitions. Most hosts of a fleet say the same: what is equal is written once.

The form is private to ``report.js``; ``report.json`` is the contract with other tools.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from ._azure import notes, warning
from ._changes import headline, sections, waived_text, waiver_notes
from ._groups import KINDS, Group, cause_text

_PLAIN = ("id", "status", "severity", "title", "why", "consequence_of", "remedy", "advice", "subject", "weakened_by")


class _Table:
    """Distinct values by number, in the order of their first use."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}

    def number(self, value: object) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> list:
        return list(self._numbers)


def pack(report: Mapping, found: Iterable[Group]) -> dict:
    """The report as lists, with numbers of checks, findings, hosts and strings.

    ``checks``: ``[id, title, severity]``.
    ``findings``: ``[check, status, why, evidence, consequence_of, remedy, advice, sources, subject, weakened_by,
    waived]``.
    ``hosts``: ``[name, platform, verdict, reason, cause text, findings]``; where known also its machine in Azure, error
    code, ``[resource id, group, region, [[tag, value]]]`` and what a fix did.
    ``groups``: ``[kind, id, title, text, remedy, advice, sources, hosts]``.
    ``azure``: ``{warning, notes, machines}``; null where Azure had no part in the run.
    ``fix``: sentences on a fix; null where the report is of a diagnosis.
    ``changes``: ``{headline, sections, trend}``; null where no run is compared with. ``waivers``: sentences.
    """
    distinct: dict[tuple, Mapping] = {}
    keys = [[_key(finding, distinct) for finding in host["findings"]] for host in report["hosts"]]
    # The most frequent findings get the shortest numbers.
    uses = Counter(key for of_host in keys for key in of_host)
    numbers = {key: number for number, (key, _uses) in enumerate(uses.most_common())}
    checks, strings = _Table(), _Table()
    names = {host["host"]: number for number, host in enumerate(report["hosts"])}
    # Tables are complete only when everything is numbered.
    packed = [_finding(distinct[key], checks, strings) for key in numbers]
    hosts = [
        [host["host"], host["platform"], host["verdict"], host["reason"], strings.number(cause_text(host))]
        + [[numbers[key] for key in of_host], *_of_azure(host, strings)]
        for host, of_host in zip(report["hosts"], keys, strict=True)
    ]
    return {
        "summary": report["summary"],
        "generated": report["generated"],
        "kinds": KINDS,
        "inventory": report["run"].get("inventory") or ["INVENTORY"],
        "findings": packed,
        "checks": checks.values(),
        "strings": strings.values(),
        "hosts": hosts,
        "groups": [
            [group.kind, group.id, group.title, group.text, group.remedy, group.advice, group.sources]
            + [[names[name] for name in group.hosts]]
            for group in found
        ],
        "fleet": report["fleet"],
        "fix": report.get("fix"),
        "changes": _changes(report.get("history")),
        "waivers": list(waiver_notes(report)),
        "azure": report.get("azure")
        and {
            "warning": warning(report),
            "notes": notes(report),
            "machines": report["azure"]["machines_without_host"],
        },
    }


def _changes(changes: Mapping | None) -> dict | None:
    if changes is None:
        return None
    return {"headline": headline(changes), "sections": list(sections(changes)), "trend": changes["trend"]}


def _of_azure(host: Mapping, strings: _Table) -> list:
    parts = [host.get("azure"), host.get("error_code"), _vm(host.get("vm"), strings), host.get("fix")]
    return parts if any(parts) else []


def _vm(vm: Mapping | None, strings: _Table) -> list | None:
    if not vm:
        return None
    tags = [[strings.number(name), strings.number(value)] for name, value in vm.get("tags", {}).items()]
    return [vm.get("id"), *(strings.number(vm.get(name)) for name in ("resource_group", "location")), tags]


def _key(finding: Mapping, distinct: dict[tuple, Mapping]) -> tuple:
    key = (*map(finding.get, _PLAIN), repr(finding["evidence"]), repr(finding["sources"]), waived_text(finding))
    distinct.setdefault(key, finding)
    return key


def _apart(finding: Mapping) -> list:
    """What few findings have: that they are about Azure, what makes them count for less, and who accepts them."""
    parts = [finding.get("subject"), finding.get("weakened_by"), waived_text(finding)]
    return parts if any(parts) else []


def _finding(finding: Mapping, checks: _Table, strings: _Table) -> list:
    return [
        checks.number((finding["id"], finding["title"], finding["severity"])),
        finding["status"],
        strings.number(finding["why"]),
        [[strings.number(one["source"]), one["value"]] for one in finding["evidence"]],
        finding["consequence_of"],
        finding["remedy"],
        strings.number(finding["advice"]),
        [[strings.number(source["title"]), strings.number(source["url"])] for source in finding["sources"]],
        *_apart(finding),
    ]
