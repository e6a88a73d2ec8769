# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.vmbackup.azure.plugins import plugin_utils
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _states
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._fleet import report
from ansible_collections.vmbackup.azure.plugins.plugin_utils._registry import diagnose
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report import _files, _json, _junit

SCHEMA = json.loads((Path(plugin_utils.__file__).parent / "schemas" / "report.schema.json").read_text())


def _strict(text):
    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


QUIET = ("ok", "not_applicable")


def _brief(report):
    """The report with what report.json keeps of findings: of those that are no problem the ids."""
    hosts = []
    for host in report["hosts"]:
        quiet = {status: sorted(one["id"] for one in host["findings"] if one["status"] == status) for status in QUIET}
        problems = [one for one in host["findings"] if one["status"] not in QUIET]
        hosts.append({**host, "findings": problems, "passed": quiet})
    return {**report, "hosts": hosts}


def _expanded(written):
    """report.json with the ids that a host's number stands for."""
    hosts = [{**host, "passed": written["passed"][host["passed"]]} for host in written["hosts"]]
    return {name: part for name, part in {**written, "hosts": hosts}.items() if name != "passed"}


def test_ten_thousand_hosts_are_less_than_30_mb():
    """As much trouble as the example fleet has: half of the hosts fail, each is unknown in a few checks."""
    states = sorted((Path(plugin_utils.__file__).parents[2] / "examples/fleet/states").glob("*.json"))
    judged = [{**diagnose(_states.read(str(path))), "reason": None} for path in states]
    name = "web{:05d}.westeurope.contoso.example"
    hosts = [{**judged[number % len(judged)], "host": name.format(number)} for number in range(1000)]
    made = report([*hosts], "2026-11-23T02:00:00Z", "1.0.0")
    assert len(judged) >= 19
    for text in (_json.render(made), _junit.render(made)):
        assert 1_000_000 < len(text) < 3_000_000


@pytest.mark.parametrize("name", ["some_hosts", "empty", "one_host", "hostile"])
def test_report_json_follows_the_schema(name, request):
    report = request.getfixturevalue(name)
    written = _strict(_json.render(report))
    if name != "hostile":
        assert _expanded(written) == _brief(report)
    # The validator is slow; the hosts are sorted by verdict, so these are of every kind.
    jsonschema.validate({**written, "hosts": written["hosts"][::10]}, SCHEMA)


def test_numbers_that_json_lacks_become_their_names():
    assert _strict(_json.dumps({"a": [float("nan"), float("-inf"), 1.5]})) == {"a": ["nan", "-inf", 1.5]}


def test_one_line_a_host(some_hosts):
    lines = _json.render(some_hosts).splitlines()
    assert sum(line.startswith('{"host":') for line in lines) == some_hosts["summary"]["hosts"]


def test_write(one_host, tmp_path):
    directory = tmp_path / "new" / "report"
    paths = _files.write(one_host, str(directory))
    assert sorted(os.listdir(directory)) == ["junit.xml", "report.html", "report.json"]
    assert paths["report.html"] == str(directory / "report.html")
    assert json.loads((directory / "report.json").read_text())["hosts"][0]["host"] == "only"
    for path in (directory, *directory.iterdir()):
        assert path.stat().st_mode & 0o007 == 0, "hosts' weaknesses are not for everybody"


def test_write_replaces_and_leaves_no_drafts(one_host, empty, tmp_path):
    _files.write(one_host, tmp_path)
    _files.write(empty, tmp_path)
    assert json.loads((tmp_path / "report.json").read_text())["hosts"] == []
    assert len(list(tmp_path.iterdir())) == 3


def test_write_passes_the_gate_on(some_hosts, tmp_path):
    _files.write(some_hosts, tmp_path, "warning")
    strict = (tmp_path / "junit.xml").read_text()
    _files.write(some_hosts, tmp_path, "critical")
    assert strict.count("<failure") > (tmp_path / "junit.xml").read_text().count("<failure")


def test_a_failed_write_keeps_the_old_file_and_says_why(one_host, tmp_path, monkeypatch):
    _files.write(one_host, tmp_path)
    before = (tmp_path / "report.json").read_text()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match=r"^Cannot write '.*report\.json': No space left on device$"):
        _files.write(one_host, tmp_path)
    assert (tmp_path / "report.json").read_text() == before
    assert len(list(tmp_path.iterdir())) == 3


def test_a_directory_that_cannot_be_made(one_host, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"^Cannot create '.*file/report': Not a directory$"):
        _files.write(one_host, tmp_path / "file" / "report")
