# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""One writer a host: a second run waits a bounded time and then names the first."""

import contextlib
import fcntl
import os
import stat
import time

from . import answer
from .errors import cannot

# Less than any step of a plan may take, so that who waits in vain can say for whom.
WAIT_SECONDS = 45.0
POLL_SECONDS = 0.1


@contextlib.contextmanager
def writer(journal_dir, purpose, wait=WAIT_SECONDS):
    """Hold the host's writer lock; raises ChangeError when another writer keeps it longer than `wait`."""
    path = os.path.join(journal_dir, "lock")
    try:
        if os.path.lexists(path) and not stat.S_ISREG(os.lstat(path).st_mode):
            raise cannot("lock", path, "it is not a regular file")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise cannot("lock", path, error) from None
    try:
        _acquire(descriptor, path, time.monotonic() + wait)
        _sign(descriptor, path, purpose)
        yield
    finally:
        os.close(descriptor)  # the kernel lets the lock go, after kill -9 as well


def _sign(descriptor, path, purpose):
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, "process {} ({})".format(os.getpid(), purpose).encode(), 0)
    except OSError as error:
        raise cannot("write", path, error) from None


def _acquire(descriptor, path, deadline):
    while True:
        answer.goes_on()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace") or "another process"
                raise cannot("lock", path, "{} is changing this host".format(holder)) from None
            time.sleep(POLL_SECONDS)
