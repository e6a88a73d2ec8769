# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""README's first command: every guest of the demo fleet gets its verdict and its cause."""

import json
import os
import pathlib
import subprocess
import sys

import jsonschema
import pytest
import yaml
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine import _schema

REPO = pathlib.Path(__file__).resolve().parents[2]
FLEET = REPO / "examples/fleet"
EXPECTED = yaml.safe_load((FLEET / "expected.yml").read_text("utf-8"))


UNSAVED = {"batch-eu-01"}
"""Hosts of which no guest was saved."""


def diagnosed(report_dir, **variables):
    result = subprocess.run(
        [
            pathlib.Path(sys.executable).with_name("ansible-playbook"),
            "playbooks/diagnose.yml",
            "-i",
            FLEET / "inventory.yml",
            "-e",
            json.dumps({"diagnose_report_dir": str(report_dir), **variables}),
        ],
        cwd=REPO,
        env={**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return report_dir, result.stdout


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return diagnosed(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def report(run):
    return json.loads((run[0] / "report.json").read_text("utf-8"))


def test_the_report_keeps_its_contract(report):
    schema = json.loads((REPO / "plugins/plugin_utils/schemas/report.schema.json").read_text("utf-8"))
    jsonschema.validate(report, schema)


def test_every_guest_is_expected_and_there(report):
    saved = {path.stem for path in (FLEET / "states").glob("*.json")}
    assert saved == set(EXPECTED) - UNSAVED
    assert set(EXPECTED) == {host["host"] for host in report["hosts"]}


@pytest.mark.parametrize("name", EXPECTED)
def test_verdict_and_cause(report, name):
    host = next(host for host in report["hosts"] if host["host"] == name)
    expected = (EXPECTED[name]["verdict"], EXPECTED[name]["first_cause"])
    assert (host["verdict"], host["first_cause"]) == expected


def test_without_azure_the_guests_alone_are_judged(tmp_path):
    report_dir, _shown = diagnosed(tmp_path, diagnose_azure=False)
    report = json.loads((report_dir / "report.json").read_text("utf-8"))
    found = {host["host"]: [host["verdict"], host["first_cause"]] for host in report["hosts"]}
    guests = {name: one.get("guest", [one["verdict"], one["first_cause"]]) for name, one in EXPECTED.items()}
    assert found == guests
    assert "azure" not in report


def test_a_code_of_a_job_meets_the_cause_in_the_guest(report):
    host = next(host for host in report["hosts"] if host["host"] == "web-us-02")
    assert host["error_code"] == {"code": "UserErrorGuestAgentStatusUnavailable", "from": "job"}
    causes = {one["id"]: one["consequence_of"] for one in host["findings"]}
    assert (causes["hostga_tcp_32526"], causes["agent_ready"]) == (None, "hostga_tcp_32526")
    assert causes["last_job"] in ("agent_ready", "hostga_tcp_32526")


def test_findings_in_a_guest_that_backups_do_not_use_are_information(report):
    host = next(host for host in report["hosts"] if host["host"] == "db-us-01")
    found = next(one for one in host["findings"] if one["id"] == "mounts_unique")
    assert (found["status"], found["severity"], found["weakened_by"]) == ("fail", "info", "consistency")


def test_machines_that_nobody_has_in_the_inventory_are_named(run, report):
    (stray,) = report["azure"]["machines_without_host"]
    assert (stray["name"], stray["first_cause"]) == ("old-eu-01", "protection")
    assert "Nothing backs these up" in run[1]


def test_one_assignment_is_behind_several_machines(report):
    (found,) = [one for one in report["fleet"] if one["status"] == "warn"]
    assert (found["id"], found["hosts"]) == ("shared_denials", ["app-eu-01", "app-eu-02", "app-eu-03"])


def test_hosts_with_one_cause_are_one_group(report):
    group = next(cause for cause in report["causes"] if cause["id"] == "proxy_reachable")
    assert group["hosts"] == ["app-eu-02", "app-eu-03"]
    assert "10.0.0.5:3128 answers 407" in group["text"]


def test_the_table_fits_the_terminal(run):
    assert max(map(len, run[1].splitlines())) <= 80
    assert "These stop the next backup" in run[1]


def test_page_and_test_report_are_there(run):
    assert "app-us-03" in (run[0] / "report.html").read_text("utf-8")
    assert (run[0] / "junit.xml").read_text("utf-8").count("<testsuite ") == len(EXPECTED)


def test_the_saved_guests_are_as_the_builder_makes_them(tmp_path):
    sys.path.insert(0, str(FLEET))
    import build

    for name, make in build.GUESTS.items():
        state = make()
        state["identity"]["hostname"] = name
        assert json.loads((FLEET / f"states/{name}.json").read_text("utf-8")) == state


def test_the_saved_machines_are_as_the_builder_makes_them():
    sys.path.insert(0, str(FLEET))
    import machines

    saved = json.loads((FLEET / "azure.json").read_text("utf-8"))
    assert saved["vms"] == machines.machines()
    for state in saved["vms"]:
        accepted = _schema.accept(state)
        assert accepted["missing"] == {}, state["vm"]["name"]
