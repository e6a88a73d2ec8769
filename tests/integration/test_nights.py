# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet that is diagnosed every night: what changed, what is waived, and the files that other tools read."""

import datetime

import pytest
import yaml
from test_diagnose_playbook import ONE_CHECK, Fleet, conf

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def fleet(tmp_path):
    return Fleet(tmp_path)


def waivers(fleet, *entries):
    path = fleet.folder / "waivers.yml"
    common = {"check": "extensions_enabled", "reason": "Rebuilt nightly", "owner": "ops", "until": TODAY + DAY}
    path.write_text(yaml.safe_dump([{**common, **entry} for entry in entries]))
    return {"diagnose_waivers": str(path), **ONE_CHECK}


def test_a_gate_on_what_is_new(fleet):
    gated = {**ONE_CHECK, "diagnose_fail_on_new": "critical"}
    fleet.saved("web1", conf("n"))
    fleet.saved("web2", conf("y"))
    first = fleet.run(**gated)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "There is no earlier run to compare with" in first.stdout and "New since" not in first.stdout
    assert fleet.run(**gated).returncode == 0
    fleet.saved("web1", conf("y"))
    fleet.saved("web2", conf("n"))
    third = fleet.run(**gated)
    assert third.returncode != 0
    assert "1 condition on 1 host" in third.stderr
    found = fleet.report["history"]
    assert [one["hosts"] for kind in ("new", "gone", "returned") for one in found[kind]] == [["web2"], ["web1"]]
    fleet.saved("web1", conf("n"))
    assert fleet.run(diagnose_compare_with="latest", **ONE_CHECK).returncode == 0
    assert [one["hosts"] for one in fleet.report["history"]["returned"]] == [["web1"]]
    assert len(list((fleet.report_dir / "history").iterdir())) == 4


def test_waivers(fleet):
    fleet.saved("test1", conf("n"))
    fleet.saved("web1", conf("n"))
    result = fleet.run(**waivers(fleet, {"hosts": "test*"}, {"hosts": "web*", "check": "cpu_load"}))
    assert result.returncode == 0, result.stdout + result.stderr
    assert fleet.verdicts == {"test1": "partial", "web1": "blocked"}
    shown = " ".join(result.stdout.split())
    assert "1 of 2 hosts fails its next backup; 1 host has waived findings" in shown
    assert "1 partly checked (1 with waived findings)" in shown and "test1 with 1 waived finding" in shown
    assert (fleet.report["summary"]["waived"], [host.get("waived") for host in fleet.report["hosts"]]) == (1, [None, 1])
    assert "1 finding on 1 host waived" in shown and "Matches nothing: waiver 2 (cpu_load on web*, ops)" in shown
    assert [(one["state"], one["used_on"]) for one in fleet.report["waivers"]] == [("used", 1), ("unused", 0)]
    (waived,) = [one for host in fleet.report["hosts"] for one in host["findings"] if "waived" in one]
    assert (waived["status"], waived["waived"]["reason"]) == ("fail", "Rebuilt nightly")


def test_an_expired_waiver_counts_again(fleet):
    fleet.saved("test1", conf("n"))
    given = waivers(fleet, {"hosts": "test*", "until": TODAY - DAY})
    result = fleet.run(diagnose_fail_on="critical", **given)
    assert result.returncode != 0
    assert fleet.verdicts == {"test1": "blocked"}
    assert f"Expired on {TODAY - DAY}" in result.stdout


def test_waivers_that_cannot_be_used_end_the_run_before_any_host_is_asked(fleet):
    fleet.saved("test1", conf("n"))
    result = fleet.run(**waivers(fleet, {"hosts": "test*", "check": "nothing"}))
    assert result.returncode != 0
    assert "Cannot use waiver 1 of" in result.stdout + result.stderr
    assert not fleet.report_dir.exists()


def test_the_formats_that_are_asked_for(fleet):
    fleet.saved("web1", conf("n"))
    assert fleet.run(**ONE_CHECK).returncode == 0
    result = fleet.run(diagnose_formats="markdown,csv,sarif,prometheus", **ONE_CHECK)
    assert result.returncode == 0, result.stdout + result.stderr
    written = {path.name for path in fleet.report_dir.iterdir() if path.is_file()}
    assert written == {"report.md", "report.csv", "report.sarif", "vmbackup.prom"}
    assert f"Report: {fleet.report_dir}/report.md" in result.stdout
