# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as SARIF 2.1.0: a rule per check, a result per finding that fails or may fail."""

from __future__ import annotations

import hashlib
import json
import urllib.parse
from collections.abc import Iterator, Mapping

from .._engine._model import FAIL, WARN
from ._changes import fresh, waived_text
from ._gate import undiagnosed
from ._groups import cause_text
from ._json import dumps
from ._text import visible

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {FAIL: "error", WARN: "warning"}


def render(report: Mapping) -> str:
    """The report as JSON of that form. Waived findings are suppressed results; hosts without a state are notices."""
    open_ = [(host["host"], one) for host in report["hosts"] for one in host["findings"] if one["status"] in _LEVELS]
    rules = {finding["id"]: _rule(finding) for _host, finding in open_}
    numbers = {id_: number for number, id_ in enumerate(rules)}
    new = fresh(report)
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "vmbackup.azure",
                        "version": report["collection_version"],
                        "rules": list(rules.values()),
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "endTimeUtc": report["generated"],
                        "toolExecutionNotifications": list(_notices(report)),
                    }
                ],
                "results": [_result(host, one, numbers[one["id"]], new) for host, one in open_],
            }
        ],
    }
    return json.dumps(log, indent=1, allow_nan=False) + "\n"


def _rule(finding: Mapping) -> dict:
    sources = finding["sources"]
    return {
        "id": finding["id"],
        "shortDescription": {"text": visible(finding["title"])},
        **({"help": {"text": visible(finding["advice"])}} if finding["advice"] else {}),
        **({"helpUri": sources[0]["url"]} if sources else {}),
    }


def _result(host: str, finding: Mapping, rule: int, new: frozenset | None) -> dict:
    key = (host, finding["id"])
    waived = waived_text(finding)
    return {
        "ruleId": finding["id"],
        "ruleIndex": rule,
        "level": _LEVELS[finding["status"]],
        "message": _message(f"{host}: {finding['why']}"),
        "locations": [_location(host)],
        "partialFingerprints": {"hostAndCheck/v1": hashlib.sha256(dumps(key).encode()).hexdigest()},
        **({} if new is None else {"baselineState": "new" if key in new else "unchanged"}),
        **({"suppressions": [_suppression(waived)]} if waived else {}),
    }


def _message(text: str) -> dict:
    """Text of a guest. What follows a bracket in parentheses would be a link."""
    return {"text": visible(text).replace("](", "] (")}


def _suppression(text: str) -> dict:
    return {"kind": "external", "status": "accepted", "justification": visible(text)}


def _location(host: str) -> dict:
    """A host, for readers that show files as well."""
    return {
        "physicalLocation": {"artifactLocation": {"uri": urllib.parse.quote(visible(host), safe="")}},
        "logicalLocations": [{"name": visible(host), "kind": "resource"}],
    }


def _notices(report: Mapping) -> Iterator[dict]:
    for host in report["hosts"]:
        if undiagnosed(host):
            message = _message(f"{host['host']}: {cause_text(host)}")
            yield {"level": "error", "message": message, "locations": [_location(host["host"])]}
