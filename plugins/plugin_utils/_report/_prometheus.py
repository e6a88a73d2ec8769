# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as a file for the textfile collector of node_exporter."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .._engine._evaluate import VERDICTS
from .._engine._model import FAIL, WARN
from .._engine._reconcile import void, waived
from ._text import visible

_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\""})
_Sample = tuple[dict[str, str], float]


def render(report: Mapping) -> str:
    """Gauges in Prometheus' text format."""
    return "\n".join(line for name, about, samples in _metrics(report) for line in _metric(name, about, samples)) + "\n"


def _metrics(report: Mapping) -> Iterator[tuple[str, str, Sequence[_Sample]]]:
    generated = datetime.datetime.strptime(report["generated"], "%Y-%m-%dT%H:%M:%SZ")
    seconds = generated.replace(tzinfo=datetime.timezone.utc).timestamp()
    yield "report_timestamp_seconds", "When the report was made.", [({}, seconds)]
    summary = [({"verdict": verdict}, report["summary"][verdict]) for verdict in VERDICTS]
    yield "hosts", "Hosts by verdict on their next backup.", summary
    with_waived = collections.Counter(host["verdict"] for host in report["hosts"] if waived(host))
    waived_hosts = [({"verdict": verdict}, number) for verdict, number in sorted(with_waived.items())]
    yield "hosts_waived", "Hosts by verdict of which findings are waived.", waived_hosts
    verdicts = [({"host": host["host"], "verdict": host["verdict"]}, 1) for host in report["hosts"]]
    yield "host_verdict", "The verdict on the next backup of each host.", verdicts
    yield "findings", "Hosts by condition that fails or may fail.", _findings(report, only_waived=False)
    yield "findings_waived", "Hosts by condition that is waived.", _findings(report, only_waived=True)
    changes = report.get("history")
    if changes and changes["compared_with"] is not None:
        numbers = [({"change": kind}, sum(len(one["hosts"]) for one in changes[kind])) for kind in _CHANGES]
        yield "findings_changed", "Findings that came or went since the run that is compared with.", numbers


_CHANGES = ("new", "returned", "gone")


def _findings(report: Mapping, only_waived: bool) -> Sequence[_Sample]:
    counted = collections.Counter(
        (one["id"], one["status"])
        for host in report["hosts"]
        for one in host["findings"]
        if one["status"] in (FAIL, WARN) and ("waived" in one if only_waived else not void(one))
    )
    return [({"check": id_, "status": status}, number) for (id_, status), number in sorted(counted.items())]


def _metric(name: str, about: str, samples: Iterable[_Sample]) -> Iterator[str]:
    lines = [f"vmbackup_{name}{_labels(labels)} {value:.15g}" for labels, value in samples]
    if lines:
        yield from (f"# HELP vmbackup_{name} {about}", f"# TYPE vmbackup_{name} gauge", *lines)


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{visible(value).translate(_ESCAPED)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""
