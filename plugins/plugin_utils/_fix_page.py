# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a fix: every host as it is now, what it was before, and what was done, from the reports of its run."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from . import _fix_report, _states
from ._engine._fleet import report
from ._engine._model import NOT_APPLICABLE, OK
from ._registry import joined
from ._report import _html
from ._version import VERSION

NAME = "fix.html"


def render(directory: Path, results: Iterable[Mapping], notes: Iterable[str], checked: bool) -> str | None:
    """The page; None where the run wrote no report.json.

    ``directory``: where the fix has its reports. ``results``: those in fix.json. ``notes``: sentences on the whole run.
    ``checked``: in check mode.
    """
    before = _read(directory / "before")
    if before is None:
        return None
    done = {result["host"]: result for result in results}
    after = (_read(directory / "after") if any(one["after"] for one in done.values()) else None) or before
    now = {**_hosts(before), **{name: host for name, host in _hosts(after).items() if done.get(name, {}).get("after")}}
    generated = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    made = report(now.values(), generated, VERSION, azure=before.get("azure"), run=before["run"])
    for host in made["hosts"]:
        if host["host"] in done:
            result = done[host["host"]]
            host["fix"] = {**result, "outcomes": list(_fix_report.outcomes(result, checked)), "checked": checked}
    return _html.render({**made, "waivers": before.get("waivers", []), "fix": list(notes)})


def _read(directory: Path) -> dict | None:
    try:
        return _states.read(directory / "report.json", _states.LIMIT_OF_FLEET)
    except (OSError, ValueError):
        return None


def _hosts(found: Mapping) -> dict[str, dict]:
    """The hosts of a report.json as evaluations, which have their causes and what passed."""
    causes = {name: cause for cause in found["causes"] for name in cause["hosts"]}
    return {
        host["host"]: {
            **host,
            "cause": causes.get(host["host"]),
            "findings": [*host["findings"], *_passed(host["platform"], found["passed"][host["passed"]])],
        }
        for host in found["hosts"]
    }


def _passed(platform: str | None, passed: Mapping) -> Iterator[dict]:
    """What report.json has no evidence of."""
    checks = joined(platform).checks
    nothing: dict = {"evidence": [], "why": "", "sources": []}
    nothing |= dict.fromkeys(("gap", "consequence_of", "remedy", "fix", "advice"))
    for status in (OK, NOT_APPLICABLE):
        for id_ in set(passed[status]) & set(checks):
            check = checks[id_]
            yield {"id": id_, "status": status, "title": check.title, "severity": check.severity, **nothing}
