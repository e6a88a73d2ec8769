# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Bounded access to the guest: its files (or those of a tree), its commands. Nothing here changes anything."""

import errno
import os
import stat
import threading
import time

from . import commands

NEEDS_LIVE, NEEDS_ROOT = "live", "root"
"""Reasons why facts are missing, as a guest state has them."""
_WORDS = {NEEDS_LIVE: "needs a running system", NEEDS_ROOT: "needs root"}

MAX_FILE = 1 << 20
MAX_LINKS = 40
ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
"""Nothing can have a name that is too long."""


class Missing(Exception):
    """A fact cannot be had. ``reason`` says why, by a code (``NEEDS_``...) or in a sentence; the text has words."""

    def __init__(self, reason):
        Exception.__init__(self, _WORDS.get(reason, reason))
        self.reason = reason


class Late(Missing):
    """A command was cut off: that says nothing of it, a loaded guest is slow with everything."""


class Host(object):
    """One guest: the live system, or a file tree below ``root``, with other directories for some of its mount points.

    Files are read through this object only, so that links of a tree never lead out of it, a FIFO or device never
    blocks, and no file is read further than its bound.
    """

    def __init__(self, root="/", deadline=None, parts=None):
        self.root = os.path.realpath(root or "/")
        self.live = self.root == "/"
        self.parts = parts or {}
        self.deadline = deadline if deadline is not None else time.monotonic() + 15
        self.privileged = os.geteuid() == 0
        self._once = {}
        self._lock = threading.Lock()

    def remaining(self):
        """Seconds until the deadline, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def once(self, name, make):
        """The value of ``make()``, computed once however many sections ask for it."""
        with self._lock:
            entry = self._once.setdefault(name, [threading.Lock()])
        with entry[0]:
            if len(entry) == 1:
                try:
                    entry.append((make(), None))
                except Missing as error:
                    entry.append((None, error))
        value, missing = entry[1]
        if missing is not None:
            raise Missing(missing.reason)
        return value

    # -- files ----------------------------------------------------------------------------------------------------

    def path(self, path, follow=True):
        """Where ``path`` of the guest lies for us. Links are resolved inside the tree, the last if ``follow``."""
        return path if self.live else self._place(self._names(path, follow))

    def resolved(self, path):
        """``path`` as the guest sees it, with all links followed. Raises OSError where they go round."""
        return os.path.realpath(path) if self.live else "/" + "/".join(self._names(path, True))

    def _names(self, path, follow):
        done, todo, links = [], [part for part in path.split("/") if part], 0
        while todo:
            part = todo.pop(0)
            if part == ".":
                continue
            if part == "..":
                del done[-1:]
                continue
            real = self._place(done + [part])
            if (todo or follow) and os.path.islink(real):
                links += 1
                if links > MAX_LINKS:
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
                target = os.readlink(real)
                if target.startswith("/"):
                    done = []
                todo = [piece for piece in target.split("/") if piece] + todo
            else:
                done.append(part)
        return done

    def _place(self, names):
        """Where a path without links lies: below the deepest mount point that has a directory of its own."""
        for end in range(len(names), 0, -1) if self.parts else ():
            folder = self.parts.get("/" + "/".join(names[:end]))
            if folder is not None:
                return os.path.join(folder, *names[end:])
        return os.path.join(self.root, *names)

    def read(self, path, limit=MAX_FILE, tail=False):
        """Bytes of a regular file, at most ``limit`` (its end with ``tail``). None when there is no such file."""
        try:
            real = self.path(path)
            if not self.live and not stat.S_ISREG(os.stat(real).st_mode):
                # To open a device acts, and on a disk from elsewhere one may have any name.
                raise Missing("Cannot read '{0}': not a regular file".format(path))
            handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError as error:
            if error.errno in ABSENT:
                return None
            raise Missing(self._reason("read", path, error)) from error
        try:
            info = os.fstat(handle)
            if not stat.S_ISREG(info.st_mode):
                raise Missing("Cannot read '{0}': not a regular file".format(path))
            if tail and info.st_size > limit:
                os.lseek(handle, -limit, os.SEEK_END)
            chunks, left = [], limit
            while left > 0:
                chunk = os.read(handle, min(left, 1 << 16))
                if not chunk:
                    break
                chunks.append(chunk)
                left -= len(chunk)
            return b"".join(chunks)
        except OSError as error:
            raise Missing(self._reason("read", path, error)) from error
        finally:
            os.close(handle)

    def text(self, path, limit=MAX_FILE, tail=False):
        """The file as text; bytes that are no UTF-8 become the replacement character."""
        data = self.read(path, limit, tail)
        return None if data is None else data.decode("utf-8", "replace")

    def line(self, path):
        """The first line of a small file without surrounding blanks, or None."""
        text = self.text(path, 4096)
        return None if text is None else text.strip().split("\n", 1)[0].strip()

    def stat(self, path, follow=True):
        """os.stat_result, or None when there is no such file."""
        try:
            real = self.path(path, follow)
            return os.stat(real) if follow else os.lstat(real)
        except OSError as error:
            if error.errno in ABSENT + (errno.ELOOP,):
                return None
            raise Missing(self._reason("stat", path, error)) from error

    def exists(self, path):
        return self.stat(path) is not None

    def link(self, path):
        """The target of a symbolic link as it is written, or None when ``path`` is no link."""
        try:
            return os.readlink(self.path(path, follow=False))
        except OSError:
            return None

    def names(self, path):
        """Sorted names in a directory; empty when there is none."""
        try:
            return sorted(os.listdir(self.path(path)))
        except OSError as error:
            if error.errno in ABSENT:
                return []
            raise Missing(self._reason("list", path, error)) from error

    def _reason(self, verb, path, error):
        if error.errno in (errno.EACCES, errno.EPERM) and not self.privileged:
            return NEEDS_ROOT
        return "Cannot {0} '{1}': {2}".format(verb, path, error.strerror or error)

    # -- the running system ---------------------------------------------------------------------------------------

    def need_live(self):
        if not self.live:
            raise Missing(NEEDS_LIVE)

    def need_root(self):
        if not self.privileged:
            raise Missing(NEEDS_ROOT)

    def run(self, argv, timeout=5.0, env=None):
        """Runs a command of the guest: ``(exit status, output, error output)`` as text, bounded in time and size."""
        self.need_live()
        bound = min(timeout, self.remaining())
        try:
            outcome = commands.run(argv, bound, env)
        except OSError as error:
            raise Missing("Cannot run '{0}': {1}".format(argv[0], error.strerror or error)) from error
        name = " ".join(argv[:2])
        if outcome.rc is None:
            raise Late("Cannot run '{0}': no answer within {1:.0f} s".format(name, bound))
        if outcome.cut:
            raise Missing("Cannot run '{0}': more than {1} bytes of output".format(name, commands.OUTPUT_LIMIT))
        return outcome.rc, outcome.out, outcome.err
