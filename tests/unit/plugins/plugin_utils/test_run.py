# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of a diagnosis on the controller: what is kept, and what is left when the run is cut short."""

import json
import os
import subprocess
import sys
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _run, _states
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import Catalogue, Check, Stage, ok, warn
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import NOT_REACHED, Run
from support import guest

READY = {"platform": "linux", "verdict": "ready", "first_cause": None, "cause": None, "findings": [], "reason": None}


def report_of(run):
    return json.loads((run.report_dir / "report.json").read_text("utf-8"))


@pytest.fixture
def run(tmp_path):
    before = os.umask(0o022)
    yield Run(tmp_path / "report")
    os.umask(before)


@pytest.fixture
def owner():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.wait()


def test_a_finished_run_leaves_the_report_alone(run):
    assert run.start(["a", "b"], os.getpid())
    for host in ("a", "b"):
        run.record({"host": host, **READY})
    made, complete = run.finish()
    run.close()
    assert complete
    assert made == report_of(run)
    assert made["summary"]["ready"] == 2
    assert sorted(path.name for path in run.report_dir.iterdir()) == ["junit.xml", "report.html", "report.json"]
    assert oct(run.report_dir.stat().st_mode & 0o770) == "0o750"


def test_a_directory_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"^Cannot create '.*file/report': Not a directory$"):
        Run(str(tmp_path / "file/report")).start(["a"], os.getpid())


def test_hosts_without_a_result_are_named(run):
    run.start(["a", "b"], os.getpid())
    run.record({"host": "a", **READY})
    made, complete = run.finish()
    assert not complete
    assert [(h["host"], h["verdict"], h["reason"]) for h in made["hosts"]] == [
        ("b", "unknown", NOT_REACHED),
        ("a", "ready", None),
    ]


def test_a_run_begins_once(run):
    assert run.start(["a"], os.getpid())
    run.record({"host": "a", **READY})
    assert not run.start(["a"], os.getpid())
    assert run.finish()[1]


def test_two_runs_into_one_directory_are_refused(run, owner):
    run.start(["a"], owner.pid)
    with pytest.raises(ValueError, match=f"process {owner.pid} is writing a report there"):
        run.start(["a"], os.getpid())


def test_a_run_whose_owner_is_gone_makes_place(run, owner):
    run.start(["a"], owner.pid)
    owner.kill()
    owner.wait()
    assert run.start(["b"], os.getpid())
    assert [host["host"] for host in run.finish()[0]["hosts"]] == ["b"]


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_a_run_cut_short_still_reports(run, owner, end):
    run.start(["a", "b"], owner.pid)
    run.finish_after(owner.pid)
    run.record({"host": "a", **READY})
    getattr(owner, end)()
    owner.wait()
    until = time.monotonic() + 20
    while run.folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    verdicts = {host["host"]: host["verdict"] for host in report_of(run)["hosts"]}
    assert verdicts == {"a": "ready", "b": "unknown"}


def test_host_names_are_no_paths(run):
    run.start(["../../etc/x"], os.getpid())
    run.record({"host": "../../etc/x", **READY})
    assert run.finish()[1]


def test_the_states_that_were_judged_lie_beside_the_report(run):
    run.start(["a/b", "c"], os.getpid())
    run.record({"host": "a/b", **READY}, {"platform": "linux", "agent": {"unit": "ä"}})
    run.record({"host": "c", **READY})
    run.finish()
    run.close()
    (file,) = (run.report_dir / "states").iterdir()
    assert (file.name, oct(file.stat().st_mode & 0o777)) == ("a%2Fb.json.gz", "0o600")
    assert _states.read(file) == {"platform": "linux", "agent": {"unit": "ä"}}
    run.start(["c"], os.getpid())
    run.record({"host": "c", **READY})
    run.finish()
    run.close()
    assert not (run.report_dir / "states").exists()


def test_checks_of_the_fleet_judge_the_states_of_the_run(run, monkeypatch):
    def together(fleet):
        return warn("both", hosts=sorted(fleet)) if len(fleet) > 1 else ok()

    check = Check("Not all at once", "info", Stage.RESILIENCE, id="together", judge=together)
    monkeypatch.setattr(_run, "catalogue", lambda subject: Catalogue({"together": check}, {}))
    run.start(["a", "b"], os.getpid())
    for host in ("a", "b"):
        run.record({"host": host, **READY}, guest())
    made, _complete = run.finish()
    assert [(one["id"], one["hosts"]) for one in made["fleet"]] == [("together", ["a", "b"])]


def test_a_damaged_file_of_a_state_is_a_sentence(tmp_path):
    (tmp_path / "x.json.gz").write_bytes(b"\x1f\x8b\x08broken")
    with pytest.raises(ValueError, match="damaged gzip file"):
        _states.read(tmp_path / "x.json.gz")
