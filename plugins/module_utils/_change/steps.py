# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Steps of a change: planned without touching anything, journalled, then applied in order."""

import collections
import os

from .._guest.masking import mask
from . import atomic


class FileStep:
    """Give a file new bytes, create it, or (with `data` None) remove it."""

    def __init__(self, path, data, mode=0o644):
        self.path = atomic.resolve(path)
        self.before = atomic.read(path)
        self.data = data
        self.losses = atomic.losses(self.path) if self.before else []
        self._mode = mode

    @property
    def changed(self):
        return (self.before.data if self.before else None) != self.data

    def happened(self):
        """Whether the file has the new bytes now: an error says nothing of that."""
        now = atomic.read(self.path)
        return (now.data if now else None) == self.data

    def diff(self):
        return difference(self.path, self.before.data if self.before else None, self.data)

    def check(self):
        """Raise ChangeError for what would stop the real run and can be seen now."""
        atomic.check_writable(self.path)

    def entry(self):
        """Return the journal's record of the file as it is before the change."""
        return {
            "kind": "file",
            "path": self.path,
            "before": describe(self.before),
            "after": {"exists": self.data is not None, "sha256": atomic.digest(self.data)},
            "directories": _missing_parents(self.path),
            "data": self.before.data if self.before else None,
        }

    def apply(self, run):
        atomic.check_unchanged(self.path, self.before)
        like = self.before or atomic.FileState(b"", self._mode, os.geteuid(), os.getegid())
        after = None
        if self.data is not None:
            after = atomic.FileState(self.data, like.mode, like.uid, like.gid, like.xattrs)
        atomic.replace(self.path, after)


class QuietStep:
    """A step that changes nothing on the host by itself."""

    changed = True

    def diff(self):
        return None

    def check(self):
        """The steps of files, or the journal, tell what cannot be written."""

    def entry(self):
        return None

    def happened(self):
        return False


class EffectStep(QuietStep):
    """Stands first in the journal, so that undo makes the old files take effect after it restored them."""

    def __init__(self, interface, commands):
        self._interface, self._commands = interface, commands

    def entry(self):
        return {"kind": "commands", "interface": self._interface, "undo": self._commands}

    def apply(self, _run):
        """Whoever writes the files makes them take effect."""


def difference(path, before, after):
    """Return the lines of a file that go and those that come, in the form that Ansible shows.

    Nobody needs the others, and a secret in them may have no sign of it.
    """
    old, new = _lines(before), _lines(after)
    return {"before_header": path, "after_header": path, "before": _without(old, new), "after": _without(new, old)}


def describe(state):
    """Return a FileState's metadata as JSON-ready facts."""
    if state is None:
        return {"exists": False, "sha256": None}
    return {
        "exists": True,
        "sha256": state.digest,
        "mode": "{:04o}".format(state.mode),
        "uid": state.uid,
        "gid": state.gid,
        "xattrs": {name: value.hex() for name, value in state.xattrs.items()},
    }


def _missing_parents(path):
    missing = []
    parent = os.path.dirname(path)
    while not os.path.isdir(parent):
        missing.insert(0, parent)
        parent = os.path.dirname(parent)
    return missing


def _lines(data):
    return [] if data is None else mask(data.decode("utf-8", "replace")).splitlines(True)


def _without(lines, others):
    """The lines as a text, each as often as the others do not have it."""
    spare = collections.Counter(others)
    kept = []
    for line in lines:
        if spare[line]:
            spare[line] -= 1
        else:
            kept.append(line)
    return "".join(kept)
