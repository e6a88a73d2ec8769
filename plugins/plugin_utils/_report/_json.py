# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict JSON of what guests say, and ``report.json``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from .._engine._model import NOT_APPLICABLE, OK

_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=str)


def dumps(value: object) -> str:
    """Compact ASCII JSON. Numbers that JSON cannot hold (NaN, infinity) become their names."""
    try:
        return _ENCODER.encode(value)
    except ValueError:
        return _ENCODER.encode(_finite(value))


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return value


def render(report: Mapping) -> str:
    """The report as JSON with one line for each host and each cause, so that line tools and diffs work on it.

    What passed has no evidence there: it would be nearly all of the file. Hosts in which the same checks passed share
    one entry of ``passed``.
    """
    passed: dict[str, int] = {}
    hosts = [_problems(host, passed) for host in report["hosts"]]
    whole = {**report, "hosts": hosts, "passed": [json.loads(entry) for entry in passed]}
    entries = [f"{dumps(key)}: {_lines(value)}" for key, value in whole.items()]
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _problems(host: Mapping, passed: dict[str, int]) -> dict:
    """The host with the findings that are a problem, and the number of the entry with the ids of the others."""
    quiet: dict[str, list[str]] = {OK: [], NOT_APPLICABLE: []}
    problems: list[Mapping] = []
    for finding in host["findings"]:
        quiet.get(finding["status"], problems).append(finding["id"] if finding["status"] in quiet else finding)
    entry = dumps({status: sorted(ids) for status, ids in quiet.items()})
    return {**host, "findings": problems, "passed": passed.setdefault(entry, len(passed))}


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return dumps(value)
    return "[\n" + ",\n".join(map(dumps, value)) + "\n]"
