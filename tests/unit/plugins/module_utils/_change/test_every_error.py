# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An error of the disk at each single call: the file is the old or the new one, and what is said of it is true."""

import errno
import os
import pathlib
import tempfile

import pytest
from ansible_collections.vmbackup.azure.plugins.module_utils._change import atomic, journal, restore, transaction
from ansible_collections.vmbackup.azure.plugins.module_utils._change.errors import ChangeError, failure_of
from ansible_collections.vmbackup.azure.plugins.module_utils._change.steps import FileStep

CALLS = ("open", "mkdir", "rename", "unlink", "rmdir", "fsync", "fchmod", "fchown", "ftruncate", "pwrite", "fstat")
CALLS += ("listdir", "listxattr", "statvfs")
POINTS = 400
NAMES = ("ENOSPC", "EIO", "EROFS", "EDQUOT") if os.environ.get("COUNT") else ("ENOSPC",)
ERRORS = {name: getattr(errno, name) for name in NAMES}


class Guest:
    """Two files, one of which is made new in a directory that is made for it."""

    def __init__(self, folder):
        self.store, self.there, self.made = str(folder / "journal"), folder / "etc/there", folder / "etc/new/made"
        self.there.parent.mkdir()
        self.there.write_bytes(b"old")

    def change(self):
        def plan():
            return transaction.Plan([FileStep(str(self.there), b"new"), FileStep(str(self.made), b"new")], {}, {})

        return transaction.execute(plan, transaction.Context("test", False, "night", self.store))

    def undo(self):
        return restore.work({"run_id": "night"}, transaction.Context("journal_restore", False, None, self.store))

    def now(self):
        return self.there.read_bytes(), self.made.read_bytes() if self.made.exists() else None

    def litter(self):
        kept = {self.there.name, *([self.made.parent.name] if self.made.exists() else [])}
        return set(os.listdir(self.there.parent)) - kept


@pytest.fixture
def guests():
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as path:

        def make(number):
            folder = pathlib.Path(path) / str(number)
            folder.mkdir()
            return Guest(folder)

        yield make


class Handle:
    """An open file whose calls can fail, its close as well: there a file server tells of a quota."""

    def __init__(self, file, call):
        self._file, self._call = file, call

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._file.close()
        self._call(lambda: None)

    def __getattr__(self, name):
        real = getattr(self._file, name)
        return (lambda *args: self._call(real, *args)) if name in ("read", "write", "flush") else real


def struck(point, number, work):
    """``(result, error)`` of work whose `point`-th call fails; whether there was such a call is the third."""
    real, left = {name: getattr(os, name) for name in (*CALLS, "fdopen")}, [point]

    def call(name, *args, **kwargs):
        act = real[name] if isinstance(name, str) else name
        left[0] -= 1
        if left[0] == -1:
            raise OSError(number, os.strerror(number))
        return act(*args, **kwargs)

    for name in CALLS:
        setattr(os, name, lambda *args, _name=name, **kwargs: call(_name, *args, **kwargs))
    os.fdopen = lambda *args, **kwargs: Handle(real["fdopen"](*args, **kwargs), call)
    try:
        return work(), None, left[0] < 0
    except (ChangeError, OSError) as error:
        return None, failure_of(error, "test"), left[0] < 0  # as the module's frame has it
    finally:
        for name, function in real.items():
            setattr(os, name, function)


@pytest.mark.parametrize("name", ERRORS)
def test_a_change_that_fails_tells_the_truth(guests, oracle, name):
    for point in range(POINTS):
        guest = guests(f"{name}{point}")
        result, error, reached = struck(point, ERRORS[name], guest.change)
        if not reached:
            break
        oracle.note("errors injected")
        there, made = guest.now()
        assert there in (b"old", b"new") and made in (None, b"new"), point
        changed = (there, made) != (b"old", None)
        said = result["changed"] if result else error.facts.get("changed", False)
        assert said == changed, (point, error)
        assert result is None or (there, made) == (b"new", b"new")
        if changed:
            assert (result or error.facts)["run_id"] == "night"
            guest.undo()
        assert guest.now() == (b"old", None) and not guest.litter() - {"new"}, point
        assert not any(run.is_damaged() for run in journal.Journal(guest.store).runs())
    assert point > 60 and result["changed"]


@pytest.mark.parametrize("name", ERRORS)
def test_an_undo_that_fails_tells_the_truth(guests, oracle, name):
    for point in range(POINTS):
        guest = guests(f"{name}{point}")
        guest.change()
        result, error, reached = struck(point, ERRORS[name], guest.undo)
        if not reached:
            break
        oracle.note("errors injected")
        there, made = guest.now()
        back = [str(path) for path, is_back in ((guest.made, made is None), (guest.there, there == b"old")) if is_back]
        said = result or error.facts
        assert said.get("restored", []) == back and said.get("changed", False) == bool(back), (point, error)
        again = guest.undo()
        assert again["changed"] == (len(back) < 2)
        assert guest.now() == (b"old", None) and not guest.litter(), point
    assert point > 40 and result["changed"]


def test_an_error_between_two_files_leaves_what_is_consistent(guests):
    guest = guests("x")
    guest.change()
    for path in (guest.there, guest.made):
        assert atomic.read(str(path)).data == b"new"
    assert guest.undo()["changed"] and guest.now() == (b"old", None)
