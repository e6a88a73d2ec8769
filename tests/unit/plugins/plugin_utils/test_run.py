# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of a diagnosis on the controller: what is kept, and what is left when the run is cut short."""

import errno
import json
import os
import pathlib
import subprocess
import sys
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.plugin_utils import _machines, _run, _states
from ansible_collections.vmbackup.azure.plugins.plugin_utils._engine._model import Catalogue, Check, Stage, ok, warn
from ansible_collections.vmbackup.azure.plugins.plugin_utils._history import History
from ansible_collections.vmbackup.azure.plugins.plugin_utils._report._gate import breaking
from ansible_collections.vmbackup.azure.plugins.plugin_utils._run import NOT_ASKED, NOT_REACHED, UNREADABLE, Run
from support import guest

REPO = pathlib.Path(__file__).resolve().parents[4]
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
    assert made["summary"] == report_of(run)["summary"]
    assert made["summary"]["ready"] == 2
    names = {path.name for path in run.report_dir.iterdir()}
    assert names == {"junit.xml", "report.html", "report.json", "states"}
    assert oct(run.report_dir.stat().st_mode & 0o770) == "0o750"


def test_one_fix_at_a_time_has_a_report_directory(tmp_path, owner):
    report = str(tmp_path / "report")
    _run.take_for_fix(report, owner.pid)
    _run.take_for_fix(report, owner.pid)
    said = f"^Cannot fix with reports in '{report}': process {owner.pid} runs a fix there; give another directory, "
    with pytest.raises(ValueError, match=said):
        _run.take_for_fix(report, os.getpid())
    owner.kill()
    owner.wait()
    _run.take_for_fix(report, os.getpid())
    (tmp_path / "report/.fix.json").write_text("[")
    _run.take_for_fix(report, os.getpid())


def test_a_directory_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"^Cannot create '.*file/report': Not a directory$"):
        Run(str(tmp_path / "file/report")).start(["a"], os.getpid())


@pytest.mark.parametrize("place", ["states/top.sls", "states/azure/vm.json", ".run/settings.ini", "states", ".run"])
def test_what_belongs_to_someone_else_stays(run, place):
    path = run.report_dir / place
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(ValueError, match="^Cannot write a report to '.*report': '.*' is not of a report; use another "):
        run.start(["a"], os.getpid())
    assert path.read_text() == "mine"


@pytest.mark.parametrize("name", ["states", ".run"])
def test_a_link_in_the_place_of_a_folder_is_not_followed(run, tmp_path, name):
    run.report_dir.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (run.report_dir / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="is not of a report"):
        run.start(["a"], os.getpid())


def test_states_of_an_earlier_run_are_replaced(run):
    states = run.report_dir / "states"
    for folder in (states, states / "azure", states / "choices"):
        folder.mkdir(parents=True)
        (folder / "old.json.gz").touch()
        (folder / ".old.json.gz.4711").touch()
    assert run.start(["a"], os.getpid())
    run.record({"host": "a", **READY}, guest())
    run.finish()
    run.close()
    kept = {str(path.relative_to(run.report_dir)) for path in (run.report_dir / "states").rglob("*") if path.is_file()}
    assert kept == {"states/a.json.gz", "states/choices/choices.json.gz"}


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
    run.start(["a", "b"], owner.pid, azure=True)
    run.finish_after(owner.pid, formats=["json"])
    run.record({"host": "a", **READY})
    getattr(owner, end)()
    owner.wait()
    until = time.monotonic() + 120
    while run.folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    verdicts = {host["host"]: host["verdict"] for host in report_of(run)["hosts"]}
    assert verdicts == {"a": "ready", "b": "unknown"}
    assert report_of(run)["azure"]["error"] == NOT_ASKED
    assert not (run.report_dir / "report.html").exists()


@pytest.mark.parametrize("readable", [True, False])
def test_a_run_cut_short_says_what_changed_in_the_formats_that_were_asked_for(run, owner, tmp_path, readable):
    before = tmp_path / "before.json"
    before.write_text(json.dumps({"schema": 1, "generated": "2026-11-22T02:00:00Z", "hosts": {}, "trend": []}))
    changes = History(run.report_dir, 0, str(before))
    if not readable:
        before.unlink()
    run.start(["a"], owner.pid)
    run.finish_after(owner.pid, formats=["json", "markdown"], history=changes)
    owner.kill()
    owner.wait()
    until = time.monotonic() + 120
    while run.folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert report_of(run).get("history", {}).get("compared_with") == ("2026-11-22T02:00:00Z" if readable else None)
    assert (run.report_dir / "report.md").exists() == readable
    assert not (run.report_dir / "history").exists()


def test_host_names_are_no_paths(run):
    run.start(["../../etc/x"], os.getpid())
    run.record({"host": "../../etc/x", **READY})
    assert run.finish()[1]


@pytest.mark.parametrize(
    "name", ["x" * 300, "東" * 28, "/subscriptions/" + "9" * 240, "%" * 90, "é" * 34 + "~" + "0" * 32]
)
def test_a_host_may_have_a_name_of_any_length(run, name):
    hosts = {name, name + "y", "web1"}
    run.start(sorted(hosts), os.getpid())
    for _twice in range(2):
        for host in hosts:
            run.record({"host": host, **READY}, guest(identity={"hostname": host}), {"lock": host})
    run.finish()
    run.close()
    assert verdicts_of(run) == dict.fromkeys(hosts, "ready")
    states = _states.kept(str(run.report_dir))
    assert {host: states[host]["identity"]["hostname"] for host in states} == {host: host for host in hosts}
    assert max(len(os.fsencode(file.name)) for file in states.folder.iterdir()) < 240


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_takes_no_states_is_said_with_the_file(run, monkeypatch, number):
    def fail(*_args):
        raise OSError(number, os.strerror(number))

    run.start(["web1"], os.getpid())
    run.record({"host": "web1", **READY}, guest(), {"lock": 1})
    monkeypatch.setattr(_states.os, "fdopen", fail)
    reason = os.strerror(number)
    with pytest.raises(OSError, match=rf"^Cannot write '.*/choices/choices\.json\.gz': {reason}$"):
        run.finish()
    with pytest.raises(OSError, match=rf"^Cannot write '.*/web1\.json\.gz': {reason}$"):
        run.record({"host": "web1", **READY}, guest())
    monkeypatch.setattr(_run.pathlib.Path, "write_text", fail)
    with pytest.raises(OSError, match=rf"^Cannot write '.*/\.run/[0-9a-f]{{32}}\..*\.json': {reason}$"):
        run.record({"host": "web1", **READY})


def test_the_states_that_were_judged_lie_beside_the_report(run):
    run.start(["a/b", "c"], os.getpid())
    run.record({"host": "a/b", **READY}, {"platform": "linux", "agent": {"unit": "ä"}})
    run.record({"host": "c", **READY})
    run.finish()
    run.close()
    (file,) = (run.report_dir / "states").glob("*.json.gz")
    assert (file.name, oct(file.stat().st_mode & 0o777)) == ("a%2Fb.json.gz", "0o600")
    assert _states.read(file) == {"platform": "linux", "agent": {"unit": "ä"}}
    run.start(["c"], os.getpid())
    run.record({"host": "c", **READY})
    run.finish()
    run.close()
    assert not list((run.report_dir / "states").glob("*.json.gz"))


def test_a_part_of_the_hosts_has_a_report_of_its_own_in_whichever_format_that_of_all_is(run):
    run.start(["a", "b"], os.getpid(), beside="limit")
    run.record({"host": "a", **READY}, guest(), {"only": None})
    run.record({"host": "b", **READY})
    run.finish(formats=["html"])
    run.close()
    whole = (run.report_dir / "report.html").read_bytes()
    run.start(["a"], os.getpid(), beside="limit")
    run.record({"host": "a", **READY}, guest(), {"only": None})
    assert run.finish(formats=["html"]) is not None
    run.close()
    assert (run.report_dir / "report.html").read_bytes() == whole
    assert (run.report_dir / "limit/report.html").is_file()


def test_a_part_of_the_hosts_does_not_replace_the_report_of_their_machines_in_azure(run):
    """It has no guests, and so neither their states nor what was chosen for them."""
    machines = _machines.saved(str(REPO / "examples/fleet/azure.json"))
    run.start([], os.getpid())
    run.finish(azure=_machines.Azure(lambda: machines, {}, alone=True))
    run.close()
    whole = (run.report_dir / "report.html").read_bytes()
    run.start(["web-eu-01"], os.getpid(), beside="limit")
    run.record({"host": "web-eu-01", **READY}, guest())
    assert run.finish() is not None
    run.close()
    assert (run.report_dir / "report.html").read_bytes() == whole
    assert (run.report_dir / "limit/report.html").is_file()


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


def leave(run, header, *results):
    """What a run of the past, perhaps of another version, left in the report directory."""
    run.folder.mkdir(parents=True)
    (run.folder / "run.json").write_bytes(header if isinstance(header, bytes) else json.dumps(header).encode())
    for result in results:
        run.record(result)
        (run.folder / f"{result['host']}.json").write_text(json.dumps(result))
    (run.folder / "0123.456").write_text("{")


def verdicts_of(run):
    return {host["host"]: host["verdict"] for host in report_of(run)["hosts"]}


def another(run, token="another"):
    """The same report directory for another run."""
    return Run(run.report_dir, token)


@pytest.mark.parametrize(
    "header",
    [
        {"owner": os.getpid(), "hosts": ["old"]},
        {"token": "killed", "owner": os.getpid(), "born": "1", "hosts": ["old"]},
        {"token": "killed", "owner": os.getpid(), "born": "", "hosts": ["old"]},
    ],
)
def test_what_a_killed_run_left_is_not_taken_for_ones_own_though_the_process_has_its_number(run, header):
    leave(another(run, "killed"), header, {"host": "old", **READY})
    assert run.start(["new"], os.getpid())
    run.record({"host": "new", **READY})
    made, complete = run.finish()
    assert complete
    assert [host["host"] for host in made["hosts"]] == ["new"]


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"owner": "1", "hosts": ["old"]}',
        b'{"owner": true, "hosts": ["old"]}',
        b'{"owner": -1, "hosts": ["old"]}',
        b'{"owner": 1e400, "hosts": ["old"]}',
        b'{"owner": 36893488147419103232, "hosts": ["old"]}',
        b'{"owner": 1, "hosts": 7}',
        b'{"token": ["a"], "owner": {}, "born": {}, "hosts": []}',
    ],
)
def test_a_damaged_run_makes_place(run, header):
    leave(another(run), header, {"host": "old", **READY})
    assert run.start(["new"], os.getpid())
    run.record({"host": "new", **READY})
    assert run.finish()[1]
    assert verdicts_of(run) == {"new": "ready"}


def test_a_run_folder_that_cannot_be_made_is_said(run, monkeypatch):
    run.report_dir.mkdir()
    monkeypatch.setattr(run, "folder", run.report_dir / "missing/.run")
    with pytest.raises(OSError, match=r"^Cannot create '.*/\.run': No such file or directory$"):
        run.start(["a"], os.getpid())


def test_a_living_process_with_the_number_of_a_dead_one_holds_nobody_up(run, owner):
    leave(run, {"token": "killed", "owner": owner.pid, "born": "1", "hosts": ["old"]})
    assert run.start(["new"], os.getpid())


def test_a_run_of_an_older_version_that_goes_on_is_not_disturbed(run, owner):
    leave(run, {"owner": owner.pid, "hosts": ["old"]})
    with pytest.raises(ValueError, match=f"process {owner.pid} is writing a report there"):
        run.start(["new"], os.getpid())


def test_a_dead_process_that_nobody_waits_for_is_dead(run, owner):
    assert run.start(["a"], owner.pid)
    run.finish_after(owner.pid)
    owner.kill()
    until = time.monotonic() + 120
    while run.folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert verdicts_of(run) == {"a": "unknown"}


def verdicts_of_finished(run):
    made, _complete = run.finish(coming=())
    return {host["host"]: host["verdict"] for host in made["hosts"]}


def test_two_plays_of_one_process_are_two_runs(run):
    assert run.start(["a"], os.getpid())
    run.record({"host": "a", **READY})
    second = another(run)
    assert second.start(["a", "b"], os.getpid())
    assert verdicts_of_finished(second) == {"a": "unknown", "b": "unknown"}


def test_a_run_that_was_displaced_says_so_and_disturbs_nobody(run, owner):
    run.start(["a"], owner.pid)
    owner.kill()
    owner.wait()
    second = another(run)
    second.start(["b"], os.getpid())
    run.record({"host": "a", **READY})
    with pytest.raises(ValueError, match=f"^Cannot finish the report in .*: process {os.getpid()} has started another"):
        run.finish()
    run.close()
    assert verdicts_of_finished(second) == {"b": "unknown"}
    assert second.folder.exists()
    second.close()
    assert not second.folder.exists()


def test_of_many_runs_that_start_at_once_one_is_begun(run):
    gate, tried, done = os.pipe(), os.pipe(), os.pipe()
    children = []
    for number in range(8):
        child = os.fork()
        if child == 0:
            status = 2
            try:
                os.close(gate[1])
                os.close(done[1])
                os.read(gate[0], 1)  # the end, for all at once
                status = 0 if another(run, f"token{number}").start([f"host{number}"], os.getpid()) else 3
            except ValueError:
                status = 1
            finally:
                os.write(tried[1], b".")
                os.read(done[0], 1)  # alive until all have tried
                os._exit(status)
        children.append(child)
    os.close(gate[1])
    for _child in children:
        assert os.read(tried[0], 1)
    os.close(done[1])
    statuses = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    for handle in (gate[0], *tried, done[0]):
        os.close(handle)
    assert sorted(statuses) == [0] + [1] * 7


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'{"host": "a"',
        b"\xff",
        b"[" * 100_000,
        b'{"host": "a"}',
        b'{"host": "a", "verdict": "fine"}',
    ],
)
def test_a_damaged_result_costs_its_own_host_only(run, content):
    run.start(["a", "b"], os.getpid())
    for host in ("a", "b"):
        run.record({"host": host, **READY})
    run._path("a").write_bytes(content)
    made, complete = run.finish()
    assert complete
    reasons = {host["host"]: (host["verdict"], host["reason"]) for host in made["hosts"]}
    assert reasons == {"a": ("unknown", UNREADABLE), "b": ("ready", None)}
    assert breaking(made, "critical") == ["a"]


def test_what_is_not_waited_for_any_longer_stays_a_gap(run):
    """Batch by batch: b had its turn without a result, c is still to come."""
    run.start(["a", "b", "c"], os.getpid())
    run.record({"host": "a", **READY})
    assert run.finish(coming={"c"})[1] is False
    run.record({"host": "c", **READY})
    made, complete = run.finish(coming={"b"})
    assert complete
    assert {host["host"]: host["reason"] for host in made["hosts"]} == {"a": None, "b": NOT_REACHED, "c": None}
    assert breaking(made, "critical") == ["b"]


def test_without_a_run_nothing_is_recorded_or_finished(run):
    assert run.finish() is None
    with pytest.raises(OSError, match=r"^Cannot record a result in '.*/report': no run is open there$"):
        run.record({"host": "a", **READY})
