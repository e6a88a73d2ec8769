# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as ``junit.xml``: one test suite a host, one case a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape

from .._engine._model import NOT_APPLICABLE, OK, UNKNOWN
from ._changes import waived_text
from ._gate import NEVER, outcome, undiagnosed
from ._groups import cause_text, scope
from ._json import dumps
from ._text import visible

_TESTS = ("tests", "failures", "errors", "skipped")


def render(report: Mapping, fail_on: str = NEVER) -> str:
    """The report as JUnit XML. ``fail_on``: the gate of the run; ``warning`` makes warnings failures."""
    total: Counter[str] = Counter()
    suites = [suite for host in report["hosts"] for suite in _suite(host, report["generated"], fail_on, total)]
    error = report.get("azure", {}).get("error")
    if error:
        unread = {"host": "Azure", "verdict": UNKNOWN, "first_cause": None, "reason": error, "findings": []}
        suites += _suite(unread, report["generated"], fail_on, total)
    head = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="Azure VM backup"{_counts(total)}>']
    return "\n".join([*head, *_scope(report), *suites, "</testsuites>\n"])


def _scope(report: Mapping) -> Iterator[str]:
    """What was left out, as properties of the whole."""
    if sentences := scope(report):
        yield "<properties>"
        yield from (f'<property name="scope" value={_attribute(sentence)}/>' for sentence in sentences)
        yield "</properties>"


def _suite(host: Mapping, generated: str, fail_on: str, total: Counter) -> Iterator[str]:
    counts: Counter[str] = Counter()
    cases = list(_cases(host, fail_on, counts))
    total.update(counts)
    name = _attribute(host["host"])
    # The form has no time zone; the report is in UTC.
    time = _attribute(generated.removesuffix("Z").partition("+")[0])
    yield f"<testsuite name={name} hostname={name} timestamp={time}{_counts(counts)}>"
    yield from cases
    yield "</testsuite>"


def _counts(counts: Counter) -> str:
    return "".join(f' {name}="{counts[name]}"' for name in _TESTS) + ' time="0"'


def _cases(host: Mapping, fail_on: str, counts: Counter) -> Iterator[str]:
    if undiagnosed(host):
        counts.update(("tests", "errors"))
        yield _case(host, "diagnosis", _result("error", host["verdict"], cause_text(host), ""))
    quiet = [finding for finding in host["findings"] if finding["status"] in (OK, NOT_APPLICABLE)]
    if quiet:  # A case for each would be nearly all of the file, and platforms limit its size.
        counts["tests"] += 1
        yield _case(host, "checks without a finding", f"<system-out>{len(quiet)}</system-out>")
    for finding in host["findings"]:
        if finding["status"] in (OK, NOT_APPLICABLE):
            continue
        result = outcome(finding, host["verdict"], fail_on)
        counts["tests"] += 1
        if result == "passed":
            body = _system_out(finding) if finding["status"] in ("warn", "fail") else ""
        else:
            counts["skipped" if result == "skipped" else f"{result}s"] += 1
            details = _details(finding) if result != "skipped" or "waived" in finding else ""
            body = _result(result, finding["status"], finding["why"] or finding["title"], details)
        yield _case(host, finding["id"], body)


def _case(host: Mapping, name: str, body: str) -> str:
    start = f'<testcase classname={_attribute(host["host"])} name={_attribute(name)} time="0"'
    return f"{start}>{body}</testcase>" if body else f"{start}/>"


def _result(element: str, type_: str, message: str, details: str) -> str:
    kind = "" if element == "skipped" else f" type={_attribute(type_)}"
    start = f"<{element}{kind} message={_attribute(message)}"
    return f"{start}>{details}</{element}>" if details else f"{start}/>"


def _system_out(finding: Mapping) -> str:
    return f"<system-out>{escape(visible('warning: ' + finding['why']))}\n{_details(finding)}</system-out>"


def _details(finding: Mapping) -> str:
    lines = [f"{finding['title']} ({finding['severity']})"]
    if "waived" in finding:
        lines.append(f"Waived: {waived_text(finding)}")
    if finding.get("weakened_by"):
        lines.append(f"Counts for less because of: {finding['weakened_by']}")
    if finding["consequence_of"]:
        lines.append(f"Follows from: {finding['consequence_of']}")
    if finding["remedy"]:
        lines.append(f"Remedy: {finding['remedy']}")
    if finding["advice"]:
        lines.append(f"What to do: {finding['advice']}")
    lines += [f"See {source['title']}: {source['url']}" for source in finding["sources"]]
    lines += [f"{one['source']} = {_value(one['value'])}" for one in finding["evidence"]]
    return "\n".join(escape(visible(line)) for line in lines)


def _value(value: object) -> str:
    return value if isinstance(value, str) else dumps(value)


def _attribute(text: str) -> str:
    """A quoted attribute. `visible` also writes out the characters that XML 1.0 forbids even as references."""
    return f'"{escape(visible(text))}"'
