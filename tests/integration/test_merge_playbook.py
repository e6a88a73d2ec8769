# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job slices of the demo fleet are one report, byte for byte the one of a single run but for times."""

import json
import os
import pathlib
import re
import subprocess

import pytest
from test_demo_fleet import EXPECTED, FLEET
from test_diagnose_playbook import PLAYBOOK, REPO

HOSTS = sorted(EXPECTED)
TIMES = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?|"seconds":[0-9.]+')


def play(name, *arguments, inventory=FLEET / "inventory.yml", **variables):
    environment = {**os.environ, "ANSIBLE_CONFIG": str(REPO / "ansible.cfg"), "COLUMNS": "100"}
    command = [PLAYBOOK, f"playbooks/{name}.yml", "-i", inventory, "-e", json.dumps(variables), *arguments]
    return subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, timeout=300, check=False)


def diagnose(folder, *hosts):
    limit = ["--limit", ",".join(hosts)] if hosts else []
    done = play("diagnose", *limit, diagnose_report_dir=str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    folders = [tmp_path_factory.mktemp("slice") for _number in range(4)]
    for number, folder in enumerate(folders):
        diagnose(folder, *HOSTS[number::4])
    return [str(folder) for folder in folders]


def test_four_slices_are_the_report_of_a_single_run(parts, tmp_path):
    shown = diagnose(tmp_path / "report")
    (tmp_path / "report").rename(tmp_path / "single")
    done = play("merge", merge_reports=parts, merge_report_dir=str(tmp_path / "report"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == shown
    for name in ("report.json", "report.html", "junit.xml"):
        single, merged = (TIMES.sub("", (tmp_path / of / name).read_text("utf-8")) for of in ("single", "report"))
        assert merged == single, name


def test_a_merged_report_does_not_replace_a_part(parts):
    before = {path: path.read_bytes() for path in pathlib.Path(parts[0]).rglob("*") if path.is_file()}
    done = play("merge", merge_reports=parts, merge_report_dir=f"{parts[0]}/../{pathlib.Path(parts[0]).name}")
    said = f"Cannot merge '{parts[0]}': the merged report would replace it; give it another directory"
    assert done.returncode == 2 and said in " ".join(done.stdout.split()), done.stdout
    assert {path: path.read_bytes() for path in pathlib.Path(parts[0]).rglob("*") if path.is_file()} == before


def test_double_and_absent_hosts_are_told_and_break_a_gate(parts, tmp_path):
    diagnose(tmp_path / "again", HOSTS[0])
    given = [*parts[:3], str(tmp_path / "again")]
    done = play("merge", merge_reports=given, merge_report_dir=str(tmp_path / "report"), diagnose_fail_on="critical")
    assert done.returncode == 2
    shown = " ".join(done.stdout.split())
    assert f"1 host in several of the merged reports, the latest counts: {HOSTS[0]}." in shown
    assert f"5 hosts in none of the merged reports: {', '.join(HOSTS[3::4])}." in shown
    hosts = {host["host"]: host for host in json.loads((tmp_path / "report/report.json").read_text("utf-8"))["hosts"]}
    assert sorted(hosts) == HOSTS
    assert {hosts[name]["verdict"] for name in HOSTS[3::4]} == {"unknown"}


def test_without_an_inventory_the_reports_are_all_there_is(parts, tmp_path):
    done = play("merge", inventory=os.devnull, merge_reports=",".join(parts[:2]), merge_report_dir=str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(json.loads((tmp_path / "report.json").read_text("utf-8"))["hosts"]) == 10


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "Cannot merge without reports: give -e merge_reports=DIRECTORY,DIRECTORY"),
        ({"merge_reports": "/nowhere"}, "Cannot merge '/nowhere': report.json: No such file or directory"),
    ],
)
def test_nothing_to_merge(tmp_path, variables, said):
    done = play("merge", inventory=os.devnull, merge_report_dir=str(tmp_path / "report"), **variables)
    assert done.returncode == 2
    assert said in done.stdout + done.stderr
    assert not (tmp_path / "report").exists()
