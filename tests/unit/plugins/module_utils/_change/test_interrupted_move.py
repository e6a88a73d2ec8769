# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A reset of the extension that is killed: the next run, or undo, starts the agent again and cleans up."""

import errno
import os
import pathlib
import signal
import tempfile

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import (
    journal,
    pause,
    restore,
    transaction,
    undo_actions,
)
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError
from ansible_collections.vmbackup.azure.plugins.module_utils._change.remedies import snapshot_extension
from ansible_collections.vmbackup.azure.plugins.module_utils._guest import processes

POINTS = 600


class Agent:
    """The agent's service, whose state outlives the process that changes it."""

    name, systemd = "waagent.service", None

    def __init__(self, folder):
        self._pid = folder / "agent.pid"

    def is_active(self):
        return self._pid.exists()

    def do(self, verb):
        if verb == "start":
            self._pid.touch()
        else:
            os.unlink(self._pid)


class Guest:
    def __init__(self, folder, monkeypatch):
        self.library, self.store, self.agent = folder / "lib", str(folder / "journal"), Agent(folder)
        self.belongings = [self.library / name for name in ("Ext-1.0", "Ext__1.0.zip", "Ext.7.manifest.xml")]
        (self.belongings[0] / "config").mkdir(parents=True)
        (self.belongings[0] / "config" / "HandlerState").write_text("NotReady")
        for path in self.belongings[1:]:
            path.write_text(path.name)
        self.agent.do("start")
        self.whole = self.tree()
        self._set = monkeypatch.setattr
        self._set(undo_actions, "Agent", lambda _name: self.agent)
        self._set(snapshot_extension, "read_handlers", lambda _host: self._handlers())
        self._set(snapshot_extension.handlers, "belongings", lambda _host: self.in_place())

    def tree(self):
        return {str(path): path.read_bytes() for path in self.library.rglob("*") if path.is_file()}

    def in_place(self):
        return [str(path) for path in self.belongings if path.exists()]

    def _handlers(self):
        state = {"handler_state": "Broken", "handler_status": None, "status": None, "status_code": None}
        return [dict(state, directory=str(self.belongings[0]))] if self.belongings[0].exists() else []

    def reset(self, run_id, check=False):
        context = transaction.Context("snapshot_extension", check, run_id, self.store)

        def planned():
            left = pause.interrupted(context.journal, self.agent.name)
            return snapshot_extension.plan(None, self.agent, False, left)

        return transaction.execute(planned, context)

    def undo(self, run_id):
        return restore.work({"run_id": run_id}, transaction.Context("journal_restore", False, None, self.store))

    def has_entries(self, run_id):
        runs = {run.run_id: run for run in journal.Journal(self.store).runs()}
        return run_id in runs and bool(runs[run_id].entries())

    def litter(self):
        kept = ("lock", "journal.json", "run.json", "undone.json")
        names = [path.name for path in pathlib.Path(self.library.parent).rglob("*")]
        return [
            name for name in names if name.startswith(".vmbackup-") or name.endswith(".moving") and name not in kept
        ]


@pytest.fixture(params=["same file system", "another file system"])
def made(request, monkeypatch):
    """Makes guests in memory; across file systems a rename between directories fails."""
    real = os.rename

    def rename(source, target, **where):
        if not where and os.path.dirname(source) != os.path.dirname(target):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source, target, **where)

    if request.param.startswith("another"):
        monkeypatch.setattr(os, "rename", rename)
    monkeypatch.setattr(processes, "users_of", lambda _host, _path: [])
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as path:

        def make(number):
            folder = pathlib.Path(path) / str(number)
            folder.mkdir()
            return Guest(folder, monkeypatch)

        yield make


def killed_at(point, work):
    """Whether a child that does `work` was killed at its `point`-th call that reaches the disk."""
    child = os.fork()
    if child == 0:
        try:
            calls = iter(range(100000))
            for name in ("open", "mkdir", "rename", "unlink", "rmdir", "fsync", "chown", "utime"):
                real = getattr(os, name)

                def call(*args, _real=real, **kwargs):
                    if next(calls) == point:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return _real(*args, **kwargs)

                setattr(os, name, call)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def test_the_next_run_finishes_a_killed_reset(made, oracle):
    stopped = 0
    for point in range(POINTS):
        guest = made(point)
        killed = killed_at(point, lambda guest=guest: guest.reset("first"))
        stopped += not guest.agent.is_active()
        oracle.note("points killed")
        if killed and not guest.agent.is_active():
            foreseen = guest.reset("", check=True)
            assert foreseen["changed"] and not foreseen["compliant"] and not guest.agent.is_active()
        guest.reset("second")
        assert guest.agent.is_active() and not guest.in_place() and not guest.litter(), point
        assert not guest.reset("third")["changed"]
        for run_id in ("second", "first"):
            if guest.has_entries(run_id):
                guest.undo(run_id)
        assert guest.tree() == guest.whole and guest.agent.is_active(), point
        if not killed:
            break
    assert stopped > 5 and not killed


def test_undo_takes_a_killed_reset_back(made, oracle):
    stopped = 0
    for point in range(POINTS):
        guest = made(point)
        killed = killed_at(point, lambda guest=guest: guest.reset("first"))
        stopped += not guest.agent.is_active()
        oracle.note("points killed")
        if guest.has_entries("first"):
            guest.undo("first")
            assert not guest.litter(), point
        assert guest.tree() == guest.whole and guest.agent.is_active(), point
        if not killed:
            break
    assert stopped > 5 and not killed


def test_a_killed_undo_is_finished_by_the_next_one(made, oracle):
    stopped = 0
    for point in range(POINTS):
        guest = made(point)
        guest.reset("first")
        killed = killed_at(point, lambda guest=guest: guest.undo("first"))
        stopped += not guest.agent.is_active()
        oracle.note("points killed")
        guest.undo("first")
        assert guest.tree() == guest.whole and guest.agent.is_active() and not guest.litter(), point
        if not killed:
            break
    assert stopped > 5 and not killed


def test_an_agent_that_somebody_stopped_stays_stopped(made):
    guest = made(0)
    guest.reset("first")
    guest.agent.do("stop")
    assert not guest.reset("second")["changed"] and not guest.agent.is_active()
    guest.undo("first")
    assert guest.tree() == guest.whole and not guest.agent.is_active()


@pytest.mark.parametrize("begins", ["before the undo", "before the agent is stopped"])
def test_an_extension_at_work_is_not_exchanged_by_an_undo(made, monkeypatch, begins):
    guest = made(0)
    guest.reset("first")
    guest.belongings[0].mkdir()
    now = guest.tree()

    def users_of(_host, path):
        runs = begins == "before the undo" or not guest.agent.is_active()
        return [812] if runs and path == str(guest.belongings[0]) else []

    monkeypatch.setattr(processes, "users_of", users_of)
    said = f"Cannot move '{guest.belongings[0]}': a backup is running there .process 812."
    with pytest.raises(ChangeError, match=said) as caught:
        guest.undo("first")
    assert not caught.value.facts.get("changed") and not caught.value.facts.get("restored")
    assert guest.tree() == now and guest.agent.is_active()
    monkeypatch.setattr(processes, "users_of", lambda _host, _path: [])
    guest.undo("first")
    assert guest.tree() == guest.whole and guest.agent.is_active()
