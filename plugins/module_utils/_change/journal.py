# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The record that makes every change undoable: written and synced before the change happens.

<journal>/journal.json         the mark of a journal
<journal>/lock                 the one writer's lock
<journal>/<run id>/run.json    order and time of the run
<journal>/<run id>/0001.json   one entry a touched thing, in order
<journal>/<run id>/0001.before the file's bytes before
<journal>/<run id>/*.aside     a directory or file that was moved here
<journal>/<run id>/*.moving    present while things are moved and the agent is stopped for it
<journal>/<run id>/*.unmasked  present while the mask of a unit is off for its restart
<journal>/<run id>/expiry.pyz  the program that ends what the run did for a time only
<journal>/<run id>/undone.json present once the run was undone

Nobody but root sees into a run (0700). Only runs and temporary names of ours are ever removed.
"""

import json
import os
import re
import shutil
import stat
import time

from .._guest import trial
from . import atomic, marks, moving, records
from .errors import ChangeError, cannot, words

DEFAULT_DIRECTORY = trial.JOURNAL
KEEP_RUNS = 100
KEEP_BYTES = 256 * 1024 * 1024
EXPIRY = "expiry.pyz"

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_ENTRY = re.compile(r"[0-9]{4}\.json\Z")
_LOCK = re.compile(rb"(process [0-9]+ \([^()]*\))?\Z")
_RESERVED = ("latest", "lock", "journal.json")
# All that a run ever holds; the names of guard.py are its own.
_OF_A_RUN = re.compile(
    r"((run|undone|[0-9]{4})\.json|[0-9]{4}\.before|[0-9a-f-]+\.(aside(\.replaced)?|moving|unmasked)|guard.*|"
    + re.escape(EXPIRY)
    + r")\Z"
)


def new_run_id():
    """Return a run id that sorts by time and does not clash: 20261123T020000Z-1f2e3d4c."""
    return "{}-{}".format(time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()), os.urandom(4).hex())


def check_run_id(run_id):
    """Raise ChangeError unless the text can name a run."""
    if not _RUN_ID.match(run_id) or run_id in _RESERVED:
        raise cannot("use the run id", run_id, "only letters, digits, '.', '_' and '-' (64 at most)")


class Run:
    """One run's entries. `fault` is the ChangeError of a run.json that cannot be read, else None."""

    def __init__(self, path):
        self.path = path
        self.run_id = os.path.basename(path)
        self.fault = None
        try:
            facts = records.load(self._file("run.json"), records.RUN)
            self.order, self.created = facts["order"], facts["created"]
        except ChangeError as error:
            self.fault = error
            entries, _faults = self.read()
            # Entries of earlier versions do not say the order: then the journal goes by the time.
            self.order = entries[0].get("order") if entries else None
            self.created = entries[0]["time"] if entries else _changed(path)

    @property
    def undone(self):
        return os.path.exists(self._file("undone.json"))

    @property
    def awaits_its_end(self):
        """Whether the guest still has to end what was done for a time only, by the program that is in the run."""
        return os.path.exists(self._file(EXPIRY))

    def read(self):
        """Return the entries that can be read, in order, and a ChangeError for each that cannot."""
        entries, faults = [], []
        try:
            last = self._last()
        except OSError as error:
            return [], [cannot("read", self.path, error)]
        for number in range(1, last + 1):
            stem = "{:04d}".format(number)
            try:
                entries.append(dict(records.load_entry(self._file(stem + ".json")), number=stem))
            except ChangeError as error:
                faults.append(error)
        return entries, faults

    def entries(self):
        """Return the entries in the order in which they were made; raises ChangeError when one is damaged."""
        entries, faults = self.read()
        if faults:
            raise faults[0]
        return entries

    def is_damaged(self):
        """Return whether something of the run cannot be read."""
        return bool(self.fault or self.read()[1])

    def add(self, entries):
        """Write entries, each a dict with optional bytes under `data`; returns when they are on disk."""
        number = self._last()
        if number + len(entries) > records.MAX_ENTRIES:
            raise cannot("add to the run", self.run_id, "it is full; use another run_id")
        for entry in entries:
            number += 1
            stem = "{:04d}".format(number)
            facts = dict(entry, schema=records.SCHEMA, time=_now(), order=self.order)
            data = facts.pop("data", None)
            if data is not None:
                _write(self._file(stem + ".before"), data)
            _write(self._file(stem + ".json"), _dump(facts))
        if entries and self.undone:
            # Lasting before the change is: a run with the mark is never undone.
            atomic.replace(self._file("undone.json"), None)

    def before(self, entry):
        """Return the FileState that an entry of kind `file` recorded, None when there was no file."""
        facts = entry["before"]
        if not facts["exists"]:
            return None
        stored = records.read(self._file(entry["number"] + ".before"))
        if stored is None or stored.digest != facts["sha256"]:
            raise cannot("restore", entry["path"], "the journal's copy is missing or damaged")
        xattrs = {name: bytes.fromhex(value) for name, value in facts["xattrs"].items()}
        return atomic.FileState(stored.data, int(facts["mode"], 8), facts["uid"], facts["gid"], xattrs)

    def aside(self, name):
        """Return the place of a thing that was moved into the journal."""
        return self._file(name + ".aside")

    def mark(self, entry):
        """Return the place of the mark that is there while the things of an entry of kind `moved` are moved."""
        stem = entry["items"][0]["aside"].partition("-")[0] if entry["items"] else entry["number"]
        return self._file(stem + ".moving")

    def unmasked(self, entry):
        """Return the place of the mark that is there while the mask of an entry of kind `unmasked` is off."""
        return self._file(entry["mark"] + ".unmasked")

    def mark_ended(self):
        """Note that nothing is left which the guest has to end: nothing calls the program that is in the run."""
        marks.drop(self._file(EXPIRY))

    def mark_undone(self):
        """Note that the run was undone; its entries stay."""
        self.mark_ended()
        _write(self._file("undone.json"), _dump({"schema": records.SCHEMA, "time": _now()}))

    def _last(self):
        return max([int(name[:4]) for name in os.listdir(self.path) if _ENTRY.match(name)] or [0])

    def _file(self, name):
        return os.path.join(self.path, name)


class Journal:
    """The runs below one directory of our own."""

    def __init__(self, directory=DEFAULT_DIRECTORY):
        # Without a slash at the end, which would hide that it is a symbolic link.
        self.directory = os.path.normpath(directory)

    def runs(self):
        """Return the runs, newest first, those that are damaged as well."""
        if not self.check():
            return []
        paths = [os.path.join(self.directory, name) for name in self._names() if _RUN_ID.match(name)]
        found = [Run(path) for path in paths if _is_folder(path) and _holds_run(path)]
        whole = [run for run in found if not run.fault]
        for run in found:
            if run.order is None:
                run.order = max([other.order for other in whole if other.created < run.created] or [0]) + 0.5
        return sorted(found, key=lambda run: (run.order, run.created), reverse=True)

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

    def check(self):
        """Return whether the directory exists; raises ChangeError when it cannot be a journal, and touches nothing.

        It must be absent, empty or ours, and nobody else may write into it or put something else in its place.
        """
        if not os.path.isabs(self.directory):
            raise self._refusal("give an absolute path")
        try:
            for folder in _folders_to(self.directory):
                if _lets_others_replace(os.stat(folder)):
                    raise self._refusal("others may replace what is in '{}'".format(folder))
            info = os.lstat(self.directory)
            if stat.S_ISLNK(info.st_mode):
                raise self._refusal("it is a symbolic link")
            if not stat.S_ISDIR(info.st_mode):
                raise self._refusal("it is not a directory")
            if info.st_uid != os.geteuid():
                raise self._refusal("it belongs to another user")
            if info.st_mode & 0o022:
                raise self._refusal("others may write into it")
            if not self._is_ours(info):
                other = os.path.join(self.directory, "vmbackup-journal")
                raise self._refusal("it holds other things; use a separate directory, such as '{}'".format(other))
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._refusal(words(error)) from None
        return True

    def prepare(self):
        """Make the directory and its mark where they are missing; one that exists already keeps its mode and owner."""
        self.check()
        atomic.make_directories(self.directory, 0o700)
        mark = os.path.join(self.directory, "journal.json")
        if os.path.lexists(mark):
            return
        try:
            _write(mark, _dump({"schema": records.SCHEMA, "journal": "vmbackup.azure"}))
        except ChangeError:
            # Nobody has the lock yet: another run that was faster takes this draft for what a killed run left.
            if not os.path.lexists(mark):
                raise

    def open(self, run_id):
        """Return the run to add entries to, made if needed; only for the holder of the lock."""
        check_run_id(run_id)
        runs = self.runs()
        for run in runs:
            if run.run_id == run_id:
                if run.is_damaged():
                    raise cannot("use the run", run_id, "it is damaged; use another run_id")
                return run
        self._prune(runs)
        order = min(max([int(run.order) for run in runs] or [0]) + 1, records.MAX_ORDER)
        path = os.path.join(self.directory, run_id)
        part = self._temporary(run_id)
        try:
            os.mkdir(part, 0o700)
            _write(os.path.join(part, "run.json"), _dump({"schema": records.SCHEMA, "created": _now(), "order": order}))
            os.rename(part, path)
            atomic.sync_directory(self.directory)
        except OSError as error:
            raise cannot("create", path, error) from None
        made = Run(path)
        if made.fault:
            raise made.fault  # its entries would not say their order
        return made

    def clean(self):
        """Remove what killed writers left under temporary names; only for the holder of the lock."""
        for folder in [self.directory] + [os.path.join(self.directory, name) for name in self._names()]:
            names = os.listdir(folder) if _is_folder(folder) else []
            # A watcher writes without the lock.
            for name in names if not any(name.startswith("guard") for name in names) else []:
                if name.startswith(atomic.TEMP_PREFIX):
                    moving.remove(os.path.join(folder, name))

    def _names(self):
        try:
            return sorted(os.listdir(self.directory))
        except OSError as error:
            raise self._refusal(words(error)) from None

    def _is_marked(self):
        try:
            records.load(os.path.join(self.directory, "journal.json"), records.MARK)
        except ChangeError:
            return False
        return True

    def _is_ours(self, info):
        names = [name for name in self._names() if not name.startswith(atomic.TEMP_PREFIX)]
        if not names or self._is_marked():
            return True
        # Earlier versions made no mark, and one can be damaged: for root only, a lock, runs and nothing else.
        runs = [os.path.join(self.directory, name) for name in names if name not in ("lock", "journal.json")]
        private = not info.st_mode & 0o077 and _is_lock(os.path.join(self.directory, "lock"))
        return private and all(_is_run_alone(path) for path in runs)

    def _prune(self, runs):
        """Remove the oldest runs; what is damaged, holds something else or has to end yet stays."""
        total = 0
        for position, run in enumerate([run for run in runs if not run.fault], start=1):
            total += _tree_bytes(run.path)
            # The newest run always stays: it is the one somebody may want back.
            if position > 1 and (position >= KEEP_RUNS or total > KEEP_BYTES):
                self._remove(run)

    def _remove(self, run):
        if not _is_run_alone(run.path) or run.is_damaged() or run.awaits_its_end:
            return
        # Under a temporary name first: a run that is half removed would look like a damaged one.
        part = self._temporary(run.run_id)
        try:
            os.rename(run.path, part)
        except OSError:
            return  # the next run tries again
        shutil.rmtree(part, ignore_errors=True)

    def _temporary(self, run_id):
        return os.path.join(self.directory, atomic.TEMP_PREFIX + run_id)

    def _refusal(self, reason):
        return ChangeError("Cannot use '{}' as journal: {}".format(self.directory, reason))


def _folders_to(path):
    """Return the directories that exist on the way to a path, and on the way of each symbolic link among them."""
    found, ways = [], [path]
    while ways:
        way = ways.pop()
        while way != os.path.dirname(way):
            way = os.path.dirname(way)
            if way in found:
                break
            found.append(way)
            if os.path.islink(way):
                ways.append(os.path.join(os.path.dirname(way), os.readlink(way), ""))
    return [folder for folder in found if os.path.isdir(folder)]


def _lets_others_replace(info):
    if info.st_uid not in (0, os.geteuid()):
        return True
    # In a directory with the sticky bit each removes only what is his own.
    by_others = info.st_mode & stat.S_IWOTH or (info.st_mode & stat.S_IWGRP and info.st_gid != 0)
    return bool(by_others and not info.st_mode & stat.S_ISVTX)


def _is_folder(path):
    return os.path.isdir(path) and not os.path.islink(path)


def _holds_run(path):
    try:
        names = os.listdir(path)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # which is what is wrong with it
    return any(name == "run.json" or _ENTRY.match(name) for name in names)


def _is_lock(path):
    try:
        state = records.read(path)
    except ChangeError:
        return False
    return state is not None and not state.mode & 0o077 and bool(_LOCK.match(state.data))


def _is_run_alone(path):
    """Return whether a directory is a run of ours, or the beginning of one, and holds nothing that a run does not."""
    try:
        info = os.lstat(path)
        names = os.listdir(path)
    except OSError:
        return False
    private = stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid() and not info.st_mode & 0o077
    known = all(_OF_A_RUN.match(name) or name.startswith(atomic.TEMP_PREFIX) for name in names)
    return private and known and bool(_RUN_ID.match(os.path.basename(path)))


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
    return _utc(time.time())


def _changed(path):
    try:
        return _utc(os.stat(path).st_mtime)
    except OSError:
        return _now()


def _utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _dump(facts):
    return (json.dumps(facts, indent=1, sort_keys=True) + "\n").encode()


def _write(path, data):
    atomic.replace(path, atomic.FileState(data, 0o600, os.geteuid(), os.getegid()))
