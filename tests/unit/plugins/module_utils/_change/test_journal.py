# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journal, lock, undo and the one way in which all changes run."""

import errno
import json
import os
import subprocess
import sys
import threading

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import (
    atomic,
    journal,
    lock,
    restore,
    transaction,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep


@pytest.fixture
def store(tmp_path):
    return str(tmp_path / "vmbackup" / "journal")


def change(store, path, data, run_id=None, check=False, module="test", verify=None):
    context = transaction.Context(module, check, run_id, store)
    return transaction.execute(lambda: transaction.Plan([FileStep(str(path), data)], {}, {}, verify=verify), context)


def undo(store, run_id="latest", check=False):
    return restore.work({"run_id": run_id}, transaction.Context("journal_restore", check, None, store))


def test_check_mode_touches_nothing_and_predicts(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    predicted = change(store, path, b"new", check=True)
    assert path.read_bytes() == b"old" and not os.path.exists(store)
    real = change(store, path, b"new")
    for key in ("changed", "compliant", "before", "after", "diff"):
        assert predicted[key] == real[key]


def test_a_change_is_undone_to_bytes_and_mode(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old\xff")
    path.chmod(0o604)
    change(store, path, b"new")
    path.chmod(0o644)
    assert undo(store, check=True)["restored"] == [str(path)] and path.read_bytes() == b"new"
    assert undo(store)["changed"]
    assert path.read_bytes() == b"old\xff" and path.stat().st_mode & 0o777 == 0o604


def test_a_made_file_goes_with_its_directories(tmp_path, store):
    path = tmp_path / "a" / "b" / "conf"
    change(store, path, b"new")
    assert path.read_bytes() == b"new"
    undo(store)
    assert not (tmp_path / "a").exists()


def test_a_removed_file_comes_back(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    change(store, path, None)
    assert not path.exists()
    undo(store)
    assert path.read_bytes() == b"old"


def test_several_changes_of_one_run_are_undone_together(tmp_path, store):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    change(store, one, b"2", "night")
    change(store, two, b"x", "night")
    change(store, one, b"3", "night")
    undo(store, "night")
    assert one.read_bytes() == b"1" and not two.exists()
    again = undo(store, "night")
    assert not again["changed"] and again["restored"] == []


def test_undo_refuses_what_somebody_else_changed(tmp_path, store):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    change(store, one, b"2", "night")
    change(store, two, b"x", "night")
    one.write_bytes(b"theirs")
    with pytest.raises(ChangeError, match=f"changed since by somebody else: {one}") as caught:
        undo(store, "night")
    assert caught.value.facts["conflicts"] == [str(one)]
    assert two.exists()


def test_undo_after_a_kill_before_the_change_does_nothing(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    store_object = journal.Journal(store)
    store_object.prepare()
    step = FileStep(str(path), b"new")
    store_object.open("killed").add([dict(step.entry(), module="test")])
    assert not undo(store, "killed")["changed"]
    assert path.read_bytes() == b"old"


def test_a_damaged_copy_is_not_restored(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    result = change(store, path, b"new")
    with open(os.path.join(result["journal"], "0001.before"), "wb") as handle:
        handle.write(b"other")
    with pytest.raises(ChangeError, match="missing or damaged"):
        undo(store)
    assert path.read_bytes() == b"new"


def test_a_run_can_be_used_again_after_its_undo(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"old")
    change(store, path, b"new", "night")
    undo(store, "night")
    change(store, path, b"other", "night")
    undo(store, "night")
    assert path.read_bytes() == b"old"


def test_a_failed_verification_names_the_run(tmp_path, store):
    def verify():
        raise ChangeError("it does not stay up")

    with pytest.raises(ChangeError) as caught:
        change(store, tmp_path / "conf", b"new", "night", verify=verify)
    assert caught.value.facts["run_id"] == "night" and caught.value.facts["changed"]


@pytest.mark.parametrize("first", [True, False])
def test_a_file_that_could_not_be_written_is_no_change(tmp_path, store, monkeypatch, first):
    """A disk that fills up while the first file is written, or the second."""
    one, other = tmp_path / "one", tmp_path / "other"
    write = atomic._write_and_rename

    def full(directory, name, state):
        if name == ("one" if first else "other"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(directory, name, state)

    monkeypatch.setattr(atomic, "_write_and_rename", full)
    context = transaction.Context("test", False, "night", store)
    steps = [FileStep(str(path), b"new") for path in (one, other)]
    with pytest.raises(ChangeError, match="the disk is full") as caught:
        transaction.execute(lambda: transaction.Plan(steps, {}, {}), context)
    assert caught.value.facts["changed"] is one.exists() is not first


def test_the_journal_is_for_its_owner_only(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"http_proxy=http://u:geheim@h:1")
    path.chmod(0o644)
    result = change(store, path, b"new")
    for folder, folders, files in os.walk(store):
        for name in folders + files:
            assert os.stat(os.path.join(folder, name)).st_mode & 0o077 == 0, name
    assert os.stat(store).st_mode & 0o777 == 0o700
    assert "geheim" not in json.dumps(result)
    entry = json.loads(open(os.path.join(result["journal"], "0001.json")).read())
    assert "geheim" not in json.dumps(entry)


def test_an_open_journal_is_closed_and_a_foreign_one_refused(tmp_path, store):
    os.makedirs(store, 0o777)
    os.chmod(store, 0o777)
    change(store, tmp_path / "conf", b"new")
    assert os.stat(store).st_mode & 0o777 == 0o700
    link = tmp_path / "link"
    link.symlink_to(store)
    with pytest.raises(ChangeError, match="not a directory of our own"):
        change(str(link), tmp_path / "conf", b"newer")


def test_the_journal_is_bounded_and_keeps_the_newest(tmp_path, store, monkeypatch):
    monkeypatch.setattr(journal, "KEEP_RUNS", 3)
    for number in range(6):
        change(store, tmp_path / "conf", b"%d" % number, f"run{number}")
    assert [run.run_id for run in journal.Journal(store).runs()] == ["run5", "run4", "run3"]
    monkeypatch.setattr(journal, "KEEP_BYTES", 1)
    change(store, tmp_path / "conf", b"last", "run6")
    assert [run.run_id for run in journal.Journal(store).runs()] == ["run6", "run5"]


@pytest.mark.parametrize("run_id", ["../x", "latest", "lock", "", "a b", "x" * 65, ".hidden", "a\n"])
def test_names_that_cannot_be_runs(run_id):
    with pytest.raises(ChangeError, match="Cannot use the run id"):
        journal.check_run_id(run_id)


def test_an_unknown_run_is_said(store):
    with pytest.raises(ChangeError, match="Cannot find the run 'nothing'"):
        undo(store, "nothing")
    with pytest.raises(ChangeError, match="Cannot find the run 'latest'"):
        undo(store)


def test_a_full_journal_stops_the_change(tmp_path, store, monkeypatch):
    path = tmp_path / "conf"
    path.write_bytes(b"old")

    def full(_path, _data):
        raise ChangeError("Cannot write 'x': the disk is full")

    monkeypatch.setattr(journal, "_write", full)
    with pytest.raises(ChangeError, match="the disk is full"):
        change(store, path, b"new")
    assert path.read_bytes() == b"old"


def test_the_list_has_no_contents(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"geheim")
    change(store, path, b"new", "night", module="waagent_conf")
    runs = restore.list_runs({"journal_dir": store, "run_id": None}, None)["runs"]
    assert runs[0]["modules"] == ["waagent_conf"] and runs[0]["touched"] == [{"kind": "file", "names": [str(path)]}]
    assert "geheim" not in json.dumps(runs)
    assert restore.list_runs({"journal_dir": store, "run_id": "other"}, None)["runs"] == []


def test_a_second_writer_waits_and_then_names_the_first(tmp_path):
    with lock.writer(str(tmp_path), "waagent_conf"):
        with pytest.raises(ChangeError, match=rf"process {os.getpid()} \(waagent_conf\) is changing this host"):
            with lock.writer(str(tmp_path), "other", wait=0.2):
                pass
    with lock.writer(str(tmp_path), "other", wait=0.2):
        pass


def test_a_killed_writer_leaves_no_lock(tmp_path):
    code = """
import fcntl, os, sys
fcntl.flock(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
print(flush=True)
input()
"""
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    child.stdout.readline()
    child.kill()
    child.wait()
    with lock.writer(str(tmp_path), "next", wait=0.2):
        pass


def test_two_runs_at_once_lose_nothing(tmp_path, store):
    path = tmp_path / "conf"
    path.write_bytes(b"")

    def add(word):
        def plan():
            step = FileStep(str(path), None)
            step.data = step.before.data + word
            return transaction.Plan([step], {}, {})

        for _ in range(10):
            transaction.execute(plan, transaction.Context("test", False, None, store))

    threads = [threading.Thread(target=add, args=(word,)) for word in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.read_bytes()) == sorted(b"a" * 10 + b"b" * 10)
