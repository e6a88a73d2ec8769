# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fleet's view: all hosts of a run in one report, those that fail for one reason grouped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ._evaluate import UNREACHABLE, VERDICTS
from ._gaps import ADMIN, LIVE, ROOT
from ._reconcile import waived

REPORT_SCHEMA = 1


def report(
    hosts: Iterable[Mapping],
    generated: str,
    collection_version: str,
    fleet: Sequence[Mapping] = (),
    azure: Mapping | None = None,
    run: Mapping | None = None,
) -> dict:
    """The report of a run (see ``schemas/report.schema.json``).

    ``hosts``: evaluations with ``host`` and ``reason``. ``fleet``: findings about all hosts together.
    ``azure``: what is said of Azure's side, where it was asked for. ``run``: how it was started.
    """
    hosts = sorted(hosts, key=lambda host: (VERDICTS.index(host["verdict"]), host["host"]))
    entries = [_entry(host) for host in hosts]
    return {
        "schema": REPORT_SCHEMA,
        "generated": generated,
        "collection_version": collection_version,
        "run": dict(run or {}),
        "summary": _summary(entries),
        "scope": _scope(hosts),
        "hosts": entries,
        "causes": _causes(hosts),
        "fleet": list(fleet),
        **({"azure": azure} if azure else {}),
    }


def _summary(entries: Sequence[Mapping]) -> dict[str, int]:
    counts = {"hosts": len(entries), **dict.fromkeys(reversed(VERDICTS), 0)}
    for entry in entries:
        counts[entry["verdict"]] += 1
    with_waived = sum("waived" in entry for entry in entries)
    return {**counts, **({"waived": with_waived} if with_waived else {})}


def _scope(hosts: list[Mapping]) -> dict:
    """What the verdicts do not rest on. Numbers of checks are those of the host where most were left out."""
    left_out = [host["left_out"] for host in hosts if "left_out" in host]
    gaps = [{finding.get("gap") for finding in host.get("findings", ())} for host in hosts]
    most = {
        "hosts": len(left_out),
        "checks": max((one["checks"] for one in left_out), default=0),
        "critical": max((len(one["critical"]) for one in left_out), default=0),
    }
    return {
        "left_out": most if left_out else None,
        "unprivileged": sum(bool(one & {ROOT, ADMIN}) for one in gaps),
        "saved": sum(LIVE in one for one in gaps),
    }


def _entry(host: Mapping) -> dict:
    number = waived(host)
    return {
        "host": host["host"],
        "platform": host.get("platform"),
        "verdict": host["verdict"],
        "first_cause": host.get("first_cause"),
        "findings": host.get("findings", []),
        "reason": host.get("reason"),
        **{name: host[name] for name in ("error_code", "left_out", "vm", "azure") if host.get(name)},
        **({"waived": number} if number else {}),
    }


def _causes(hosts: list[Mapping]) -> list[dict]:
    """Hosts by the cause they share, the largest group first; hosts that gave no state by their reason."""
    groups: dict[tuple, dict] = {}
    for host in hosts:
        cause = host.get("cause") or _no_state(host)
        if cause:
            group = groups.setdefault((cause["id"], cause["key"]), {**cause, "hosts": []})
            group["hosts"].append(host["host"])
    return sorted(groups.values(), key=lambda group: (-len(group["hosts"]), group["id"] or "", group["key"]))


def _no_state(host: Mapping) -> dict | None:
    reason = host.get("reason")
    if not reason:
        return None
    word = "Unreachable" if host["verdict"] == UNREACHABLE else "No diagnosis"
    return {"id": None, "key": reason, "text": f"{word}: {reason}"}
