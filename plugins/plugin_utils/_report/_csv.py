# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as CSV: a row per finding that is not healthy, and one per host without any."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from .._engine._model import FAIL, UNKNOWN, WARN
from ._groups import cause_text
from ._text import visible

_OF_HOST = ("host", "platform", "verdict")
_OF_FINDING = ("id", "status", "severity", "title", "why", "consequence_of", "remedy", "advice")
_OF_WAIVER = ("reason", "owner", "until")
_OF_VM = ("resource_group", "location", "tags", "id")
HEAD = (*_OF_HOST, "check", *_OF_FINDING[1:], *(f"waiver_{name}" for name in _OF_WAIVER), *_OF_VM[:-1], "resource_id")
# Of full width in spreadsheets of East Asia; behind a semicolon where that, and no comma, is between cells.
_FORMULA = re.compile(r"(^|;)(\s*)(?=[=+@-]|[\uff1d\uff0b\uff0d\uff20])")


def render(report: Mapping) -> str:
    """The rows, in the order of the report. No cell begins as a formula does: guests say what is in them."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    for host in report["hosts"]:
        writer.writerows(map(_cell, row) for row in _rows(host))
    return file.getvalue()


def _rows(host: Mapping) -> Iterator[list]:
    own, vm = [host[name] for name in _OF_HOST], _vm(host.get("vm", {}))
    found = [one for one in host["findings"] if one["status"] in (FAIL, WARN, UNKNOWN)]
    for one in found:
        waived = one.get("waived", {})
        yield [*own, *(one[name] for name in _OF_FINDING), *(waived.get(name) for name in _OF_WAIVER), *vm]
    if not found:
        row = {"why": cause_text(host)}
        yield [*own, *(row.get(name) for name in _OF_FINDING), *(None for _name in _OF_WAIVER), *vm]


def _vm(vm: Mapping) -> list:
    tags = "; ".join(f"{name}={value}" for name, value in vm.get("tags", {}).items())
    return [{**vm, "tags": tags}.get(name) for name in _OF_VM]


def _cell(value: object) -> str:
    text = "" if value is None else visible(value)
    return _FORMULA.sub(r"\1\2'", text)
