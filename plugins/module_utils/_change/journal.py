# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The record that makes every change undoable: written and synced before the change happens.

<journal>/lock                 the one writer's lock
<journal>/<run id>/run.json    order and time of the run
<journal>/<run id>/0001.json   one entry a touched thing, in order
<journal>/<run id>/0001.before the file's bytes before
<journal>/<run id>/0001.aside  a directory or file that was moved here
<journal>/<run id>/undone.json present once the run was undone
"""

import json
import os
import re
import shutil
import stat
import time

from . import atomic
from .errors import ChangeError, cannot

DEFAULT_DIRECTORY = "/var/lib/vmbackup/journal"
SCHEMA = 1
KEEP_RUNS = 100
KEEP_BYTES = 256 * 1024 * 1024

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_ENTRY = re.compile(r"[0-9]{4}\.json\Z")
_RESERVED = ("latest", "lock")


def new_run_id():
    """Return a run id that sorts by time and does not clash: 20261123T020000Z-1f2e3d4c."""
    return "{}-{}".format(time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), os.urandom(4).hex())


def check_run_id(run_id):
    """Raise ChangeError unless the text can name a run."""
    if not _RUN_ID.match(run_id) or run_id in _RESERVED:
        raise cannot("use the run id", run_id, "only letters, digits, '.', '_' and '-' (64 at most)")


class Run:
    """One run's entries."""

    def __init__(self, path, facts):
        self.path = path
        self.run_id = os.path.basename(path)
        self.order = facts.get("order", 0)
        self.created = facts.get("created", "")

    @property
    def undone(self):
        return os.path.exists(self._file("undone.json"))

    def entries(self):
        """Return the entries in the order in which they were made."""
        names = sorted(name for name in os.listdir(self.path) if _ENTRY.match(name))
        return [dict(_load(self._file(name)), number=name[:4]) for name in names]

    def add(self, entries):
        """Write entries, each a dict with optional bytes under `data`; returns when they are on disk."""
        number = len(self.entries())
        for entry in entries:
            number += 1
            stem = "{:04d}".format(number)
            facts = dict(entry, schema=SCHEMA, time=_now())
            data = facts.pop("data", None)
            if data is not None:
                _write(self._file(stem + ".before"), data)
            _write(self._file(stem + ".json"), _dump(facts))
        if entries and self.undone:
            os.unlink(self._file("undone.json"))

    def before(self, entry):
        """Return the FileState that an entry of kind `file` recorded, None when there was no file."""
        facts = entry["before"]
        if not facts["exists"]:
            return None
        stored = atomic.read(self._file(entry["number"] + ".before"))
        if stored is None or stored.digest != facts["sha256"]:
            raise cannot("restore", entry["path"], "the journal's copy is missing or damaged")
        xattrs = {name: bytes.fromhex(value) for name, value in facts["xattrs"].items()}
        return atomic.FileState(stored.data, int(facts["mode"], 8), facts["uid"], facts["gid"], xattrs)

    def aside(self, name):
        """Return the place of a thing that was moved into the journal."""
        return self._file(name + ".aside")

    def mark_undone(self):
        """Note that the run was undone; its entries stay."""
        _write(self._file("undone.json"), _dump({"schema": SCHEMA, "time": _now()}))

    def _file(self, name):
        return os.path.join(self.path, name)


class Journal:
    """The runs below one directory that only root can read."""

    def __init__(self, directory=DEFAULT_DIRECTORY):
        self.directory = directory

    def runs(self):
        """Return the complete runs, newest first."""
        found = []
        for name in self._names():
            path = os.path.join(self.directory, name)
            try:
                found.append(Run(path, _load(os.path.join(path, "run.json"))))
            except ChangeError:
                continue  # killed while it was made: it holds no entry yet
        return sorted(found, key=lambda run: run.order, reverse=True)

    def find(self, run_id):
        """Return a run by its id; `latest` is the newest one that was not undone yet."""
        runs = self.runs()
        if run_id == "latest":
            runs = [run for run in runs if not run.undone]
        else:
            check_run_id(run_id)
            runs = [run for run in runs if run.run_id == run_id]
        if not runs:
            raise cannot("find the run", run_id, "the journal '{}' has none".format(self.directory))
        return runs[0]

    def prepare(self):
        """Create the directory, or make sure that nobody else can read or write it."""
        missing = atomic.make_directories(self.directory, 0o700)
        info = os.lstat(self.directory)
        if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.geteuid():
            raise cannot("use the journal", self.directory, "it is not a directory of our own")
        if stat.S_IMODE(info.st_mode) & 0o077:
            os.chmod(self.directory, 0o700)
        return missing

    def open(self, run_id):
        """Return the run to add entries to, made if needed; only for the holder of the lock."""
        check_run_id(run_id)
        path = os.path.join(self.directory, run_id)
        runs = self.runs()
        for run in runs:
            if run.run_id == run_id:
                return run
        self._prune(runs)
        facts = {"schema": SCHEMA, "created": _now(), "order": max([r.order for r in runs] or [0]) + 1}
        atomic.make_directories(path, 0o700)
        _write(os.path.join(path, "run.json"), _dump(facts))
        return Run(path, facts)

    def _names(self):
        try:
            names = os.listdir(self.directory)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise cannot("read", self.directory, error) from None
        return [n for n in names if os.path.isdir(os.path.join(self.directory, n))]

    def _prune(self, runs):
        complete = {run.run_id for run in runs}
        for name in self._names():
            if name not in complete:
                shutil.rmtree(os.path.join(self.directory, name), ignore_errors=True)
        total = 0
        for position, run in enumerate(runs, start=1):
            total += _tree_bytes(run.path)
            # The newest run always stays: it is the one somebody may want back.
            if position > 1 and (position >= KEEP_RUNS or total > KEEP_BYTES):
                shutil.rmtree(run.path, ignore_errors=True)


def _tree_bytes(path):
    total = 0
    for folder, _folders, files in os.walk(path):
        for name in files:
            try:
                total += os.lstat(os.path.join(folder, name)).st_size
            except OSError:
                continue
    return total


def _now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _dump(facts):
    return (json.dumps(facts, indent=1, sort_keys=True) + "\n").encode()


def _load(path):
    state = atomic.read(path)
    if state is None:
        raise cannot("read", path, "it does not exist")
    try:
        return json.loads(state.data.decode())
    except ValueError as error:
        raise cannot("read", path, error) from None


def _write(path, data):
    atomic.replace(path, atomic.FileState(data, 0o600, os.geteuid(), os.getegid()))
