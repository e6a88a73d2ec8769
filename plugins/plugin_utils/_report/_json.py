# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict JSON of what guests say, and ``report.json``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

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
    """The report as JSON with one line for each host and each cause, so that line tools and diffs work on it."""
    entries = [f"{dumps(key)}: {_lines(value)}" for key, value in report.items()]
    return "{\n" + ",\n".join(entries) + "\n}\n"


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return dumps(value)
    return "[\n" + ",\n".join(map(dumps, value)) + "\n]"
