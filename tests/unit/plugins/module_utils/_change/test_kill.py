# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`kill -9` at random moments: the file is the old one or the new one, and the next run cleans up."""

import os
import pathlib
import random
import signal
import tempfile
import time

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import (
    atomic,
    journal,
    restore,
    transaction,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import vmbackup_conf
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import waagent_conf as waagent_conf_remedy
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep
from ansible_collections.vmbackup.azure.plugins.module_utils._guest.environment_file_edit import EnvironmentFile

TRIES = 150
# Large enough for a write to take a moment.
FILLER = b"# " + b"x" * 60 + b"\n"


@pytest.fixture
def folder():
    """A directory in memory where there is one: a kill leaves the same there, and thousands of syncs cost nothing."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as path:
        yield pathlib.Path(path)


def waagent_conf(path, odd):
    return waagent_conf_remedy.plan(path, {"Extensions.Enabled": "y" if odd else "n"})


def environment(path, odd):
    step = FileStep(path, None)
    conf = EnvironmentFile(step.before.data)
    conf.set("http_proxy", f"http://proxy:{3128 if odd else 8080}")
    step.data = conf.data
    return transaction.Plan([step], {}, {})


def vmbackup(path, odd):
    return vmbackup_conf.plan(path, "SnapshotThread", {"timeout": "60" if odd else "600"})


def dropin(path, odd):
    return transaction.Plan([FileStep(path, FILLER * 300 + (b"[Service]\n" if odd else b""))], {}, {})


EDITORS = {
    waagent_conf: FILLER * 300 + b"Extensions.Enabled=n\n",
    environment: FILLER * 300 + b"http_proxy=http://proxy:8080\n",
    vmbackup: b"[SnapshotThread]\n" + FILLER * 300 + b"timeout = 600\n",
    dropin: FILLER * 300,
}


def write_until_killed(make_plan, path, store):
    odd = True
    while True:
        context = transaction.Context("test", False, "run" if odd else "back", store)
        transaction.execute(lambda odd=odd: make_plan(path, odd), context)
        odd = not odd


@pytest.mark.parametrize("make_plan", EDITORS, ids=lambda editor: editor.__name__)
def test_killed_at_any_moment(folder, make_plan, oracle):
    path, store = str(folder / "etc" / "file"), str(folder / "journal")
    os.mkdir(folder / "etc")
    with open(path, "wb") as handle:
        handle.write(EDITORS[make_plan])
    old = EDITORS[make_plan]
    new = make_plan(path, True).steps[0].data
    assert old != new
    moment = time.monotonic()
    transaction.execute(lambda: make_plan(path, True), transaction.Context("test", False, "run", store))
    duration = time.monotonic() - moment
    for _try in range(TRIES):
        child = os.fork()
        if child == 0:
            try:
                write_until_killed(make_plan, path, store)
            finally:
                os._exit(1)
        time.sleep(random.uniform(0.0, 3 * duration))
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status)
        oracle.note("points killed")
        with open(path, "rb") as handle:
            content = handle.read()
        assert content in (old, new)
        for run in journal.Journal(store).runs():
            assert not run.is_damaged()
            restore.plan(run)  # whatever was interrupted, undo knows what to do
    transaction.execute(lambda: make_plan(path, True), transaction.Context("test", False, "end", store))
    assert os.listdir(folder / "etc") == ["file"]


@pytest.mark.parametrize("make_plan", EDITORS, ids=lambda editor: editor.__name__)
def test_killed_at_every_step(folder, make_plan, oracle):
    """The same at each single call that reaches the disk, so that no moment depends on luck."""
    path, store = str(folder / "file"), str(folder / "journal")
    old = EDITORS[make_plan]
    left_behind = 0
    for point in range(200):
        with open(path, "wb") as handle:
            handle.write(old)
        new = make_plan(path, True).steps[0].data
        child = os.fork()
        if child == 0:
            _die_at(point)
            transaction.execute(lambda: make_plan(path, True), transaction.Context("test", False, f"run{point}", store))
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        with open(path, "rb") as handle:
            content = handle.read()
        assert content in (old, new)
        left_behind += bool(atomic.leftovers(path))
        oracle.note("points killed")
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            assert content == new
            break
        for run in journal.Journal(store).runs():
            assert not run.is_damaged()
            if run.run_id == f"run{point}":
                restore.work({"run_id": run.run_id}, transaction.Context("journal_restore", False, None, store))
        with open(path, "rb") as handle:
            assert handle.read() == old or not os.path.exists(os.path.join(store, f"run{point}", "0001.json"))
    else:
        pytest.fail("the change never came to its end")
    assert left_behind, "no point lay within the write of the file"


def test_killed_while_old_runs_go(folder, monkeypatch, oracle):
    """A run is there as a whole or not at all, and what is left of one goes with the next."""
    path, store = folder / "file", str(folder / "journal")

    def write(number):
        context = transaction.Context("test", False, f"run{number}", store)
        transaction.execute(lambda: transaction.Plan([FileStep(str(path), b"%d" % number)], {}, {}), context)

    number = 0
    for point in range(200):
        for _time in range(3):
            number += 1
            write(number)
        child = os.fork()
        if child == 0:
            monkeypatch.setattr(journal, "KEEP_RUNS", 2)
            _die_at(point)
            write(number + 1)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        number += 1
        oracle.note("points killed")
        runs = journal.Journal(store).runs()
        assert not any(run.is_damaged() for run in runs)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
            break
    else:
        pytest.fail("the change never came to its end")
    assert point > 20 and set(os.listdir(store)) == {"journal.json", "lock", *(run.run_id for run in runs)}
    assert len(runs) == 2


def _die_at(point):
    calls = iter(range(1000))
    for name in ("open", "mkdir", "rename", "unlink", "rmdir", "fsync", "fchmod"):
        real = getattr(os, name)

        def call(*args, _real=real, **kwargs):
            if next(calls) == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return _real(*args, **kwargs)

        setattr(os, name, call)


def test_a_run_without_changes_cleans_up_too(folder):
    path, store = folder / "file", str(folder / "journal")
    path.write_bytes(b"same")
    (folder / ".vmbackup-file.1.dead").write_bytes(b"half")

    def make_plan():
        return transaction.Plan([FileStep(str(path), b"same")], {}, {})

    transaction.execute(make_plan, transaction.Context("test", True, None, store))
    assert (folder / ".vmbackup-file.1.dead").exists()
    assert not transaction.execute(make_plan, transaction.Context("test", False, None, store))["changed"]
    assert not (folder / ".vmbackup-file.1.dead").exists()
