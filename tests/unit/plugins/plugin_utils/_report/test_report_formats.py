# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files for other tools: SARIF, Markdown, CSV, Prometheus; and what changed, in all of them."""

import csv
import gzip
import io
import json
import pathlib
import re

import jsonschema
import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import (
    _csv,
    _files,
    _html,
    _json,
    _junit,
    _markdown,
    _prometheus,
    _sarif,
    _terminal,
)
from browser import CHROMIUM, Browser

HERE = pathlib.Path(__file__).parent
# From https://github.com/oasis-tcs/sarif-spec, as published by OASIS.
SARIF = json.loads(gzip.decompress((HERE / "sarif-schema-2.1.0.json.gz").read_bytes()))
OWN = json.loads((pathlib.Path(_json.__file__).parents[1] / "schemas/report.schema.json").read_text("utf-8"))
REPORTS = ["some_hosts", "empty", "one_host", "hostile", "both_sides", "night"]

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"{_NAME}(?:\{{{_LABEL}(?:,{_LABEL})*\}})? [0-9.e+]+")


@pytest.fixture(params=REPORTS)
def report(request):
    return request.getfixturevalue(request.param)


def open_findings(report):
    return [one for host in report["hosts"] for one in host["findings"] if one["status"] in ("fail", "warn")]


def test_the_report_of_a_night_keeps_its_contract(night):
    jsonschema.validate(json.loads(_json.render(night)), OWN)


def test_sarif_is_valid_and_has_every_open_finding(report):
    log = json.loads(_sarif.render(report))
    jsonschema.validate(log, SARIF, cls=jsonschema.Draft4Validator)
    (run,) = log["runs"]
    assert len(run["results"]) == len(open_findings(report))
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_nothing_is_new_without_an_earlier_run(night):
    first = {**night, "history": {**night["history"], "compared_with": None}}
    for said in (_terminal.render(first), _markdown.render(first)):
        assert "There is no earlier run to compare with" in said and "New since" not in said


def test_sarif_tells_what_is_new_waived_and_silent(night, some_hosts):
    (run,) = json.loads(_sarif.render(night))["runs"]
    assert [one["baselineState"] for one in run["results"]].count("new") == 1
    (waived,) = [one for one in run["results"] if "suppressions" in one]
    assert waived["suppressions"][0]["justification"] == "Rebuilt nightly (ops, until 2026-12-31)"
    silent = [host["host"] for host in night["hosts"] if host["reason"]]
    notices = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert [notice.partition(":")[0] for notice in notices] == silent
    assert "baselineState" not in json.loads(_sarif.render(some_hosts))["runs"][0]["results"][0]


def test_sarif_makes_no_link_of_what_a_guest_says(one_host):
    (host,) = one_host["hosts"]
    findings = [{**finding, "why": "[a](https://a.example)"} for finding in host["findings"]]
    hosts = [{**host, "findings": findings}, {**host, "host": "b", "reason": "[a](https://a.example)", "findings": []}]
    text = _sarif.render({**one_host, "hosts": hosts})
    assert "[a] (https://a.example)" in text and "](" not in text


def test_a_fingerprint_is_that_of_host_and_check(night, some_hosts):
    runs = [json.loads(_sarif.render(report))["runs"][0] for report in (night, some_hosts)]
    prints = [[one["partialFingerprints"]["hostAndCheck/v1"] for one in run["results"]] for run in runs]
    assert prints[0] == prints[1] and len(set(prints[0])) == len(prints[0])


def test_csv_has_every_host_and_every_finding_that_is_not_healthy(report):
    rows = list(csv.DictReader(io.StringIO(_csv.render(report))))
    unhealthy = [
        one for host in report["hosts"] for one in host["findings"] if one["status"] in ("fail", "warn", "unknown")
    ]
    assert len([row for row in rows if row["check"]]) == len(unhealthy)
    assert len({row["host"] for row in rows}) == len(report["hosts"])


def test_csv_says_where_in_azure_a_host_is(both_sides):
    rows = list(csv.DictReader(io.StringIO(_csv.render(both_sides))))
    found = {row["host"]: tuple(row[name] for name in ("resource_group", "location", "tags")) for row in rows}
    assert found["db1"] == ("test", "eastus", "env=test; owner=ops")
    assert found["web1"] == ("", "", "")
    ids = {row["resource_id"] for row in rows if row["host"] == "db1"}
    assert ids == {"/subscriptions/s/resourceGroups/test/machines/db1"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\uff1d1", "\uff20SUM(A1)"])
def test_no_cell_is_a_formula(one_host, text):
    host = {**one_host["hosts"][0], "host": text}
    (row,) = csv.DictReader(io.StringIO(_csv.render({**one_host, "hosts": [host]})))
    assert row["host"] == f"'{text.strip()}"


def test_no_part_of_a_cell_is_one_where_semicolons_are_between_cells(one_host):
    host = {**one_host["hosts"][0], "host": "a;=1;b; +1;c-d"}
    (row,) = csv.DictReader(io.StringIO(_csv.render({**one_host, "hosts": [host]})))
    assert row["host"] == "a;'=1;b; '+1;c-d"


def test_prometheus_reads_every_line(report):
    text = _prometheus.render(report)
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    assert [line for line in lines if not SAMPLE.fullmatch(line)] == []
    names = [line.partition("{")[0].partition(" ")[0] for line in lines]
    assert re.findall(r"(?m)^# TYPE (\S+) gauge$", text) == list(dict.fromkeys(names))
    assert len(lines) == len({line.rpartition(" ")[0] for line in lines})


def test_prometheus_counts_what_the_report_counts(night):
    lines = _prometheus.render(night).splitlines()
    assert f'vmbackup_hosts{{verdict="blocked"}} {night["summary"]["blocked"]}' in lines
    assert 'vmbackup_findings_changed{change="new"} 1' in lines
    (verdict,) = [host["verdict"] for host in night["hosts"] if any("waived" in one for one in host["findings"])]
    assert f'vmbackup_hosts_waived{{verdict="{verdict}"}} 1' in lines
    assert len([line for line in lines if line.startswith("vmbackup_host_verdict{")]) == len(night["hosts"])
    assert "vmbackup_report_timestamp_seconds 1795399200" in lines


def test_markdown_shows_text_of_guests_as_text(hostile):
    text = _markdown.render(hostile)
    assert re.search(r"(?<!\\)<", text) is None
    cells = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in cells} <= {3, 5}


def test_markdown_makes_no_link_of_an_address():
    """As cmark-gfm reads it: an address that has a backslash in it is text."""
    shown = _markdown._text("see https://a.example/b//c and WWW.a.example")
    assert shown == r"see https:\//a.example/b//c and WWW\.a.example"


def test_markdown_of_a_fleet_stays_short(night):
    text = _markdown.render(night)
    assert text.startswith("# ") and len(text) < 60_000
    assert "## New since 2026-11-22T02:00:00Z" in text and "## Waivers" in text


def test_the_terminal_shows_changes_and_waivers(night):
    text = _terminal.render(night, 120)
    change = night["history"]["new"][0]
    assert "Findings since 2026-11-22T02:00:00Z: 1 new, 0 back, 1 gone" in text
    assert f"{change['title']} [{change['id']}, fail]: {change['hosts'][0]}" in text
    assert "1 finding on 1 host waived: they do not count" in text


def test_junit_skips_what_is_waived_and_says_why(night):
    assert "Waived: Rebuilt nightly (ops, until 2026-12-31)" in _junit.render(night, "warning")


def test_every_format_can_be_written(report, tmp_path):
    for path in _files.write(report, tmp_path, formats=_files.FORMATS).values():
        assert pathlib.Path(path).read_text("utf-8")


def test_formats_that_are_not_asked_for_are_removed(one_host, tmp_path):
    assert list(_files.write(one_host, tmp_path, formats=_files.FORMATS)) == [
        "report.json",
        "report.html",
        "junit.xml",
        "report.sarif",
        "report.md",
        "report.csv",
        "vmbackup.prom",
    ]
    (tmp_path / "other").touch()
    _files.write(one_host, tmp_path, formats=["csv"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "report.csv"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_page_shows_changes_trend_and_waivers(night, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(_html.render(night), "utf-8")
    browser = Browser(tmp_path / "profile")
    try:
        browser.open(path.as_uri())
        text = browser.run("document.getElementById('app').innerText")
        assert browser.problems == []
    finally:
        browser.close()
    assert "Findings since 2026-11-22T02:00:00Z: 1 new, 0 back, 1 gone" in text
    assert "2026-11-23 02:00" in text and "they do not count" in text
