# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which checks of a report could not be judged, and why: what a saved state leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .._engine import _gaps
from .._engine._model import UNKNOWN

MOST = 12


def unjudged(report: Mapping) -> list[dict]:
    """The reasons with ``checks`` and ``hosts``, those of most checks first; ``gap`` is None for one without a code."""
    found: dict[tuple, dict] = {}
    for host in report["hosts"]:
        for finding in host["findings"]:
            if finding["status"] != UNKNOWN:
                continue
            gap = finding["gap"]
            reason = _gaps.text(gap) if gap else finding["why"]
            entry = found.setdefault((gap, reason), {"gap": gap, "reason": reason, "checks": set(), "hosts": set()})
            entry["checks"].add(finding["id"])
            entry["hosts"].add(host["host"])
    entries = [
        {**entry, "checks": sorted(entry["checks"]), "hosts": sorted(entry["hosts"])} for entry in found.values()
    ]
    return sorted(entries, key=lambda entry: (-len(entry["checks"]), entry["reason"]))


def lines(entries: list[dict]) -> Iterator[str]:
    """The same for a terminal."""
    if entries:
        yield "Not judged"
    for entry in entries[:MOST]:
        hosts = entry["hosts"]
        where = hosts[0] if len(hosts) == 1 else f"{len(hosts):,} hosts"
        yield f"  {where}: {entry['reason']}: {', '.join(entry['checks'])}"
    if len(entries) > MOST:
        yield f"  and {len(entries) - MOST:,} more reasons, see the report"
