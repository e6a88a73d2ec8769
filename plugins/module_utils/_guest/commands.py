# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a command that can neither hold its caller up nor fill its memory: no shell, no input, the C locale.

The command's own end counts. What it leaves in the background may keep the pipes open and goes on.
"""

import collections
import contextlib
import errno
import os
import select
import signal
import subprocess
import time

OUTPUT_LIMIT = 8 << 20
ERROR_LIMIT = 64 << 10
_CHUNK = 64 << 10
# A pipe holds 64 KiB, or 1 MiB where someone enlarged it: what comes after that is not the command's own.
_LEFT_OVER = 16
# How late the end of a command is seen whose children keep its pipes open.
_POLL_SECONDS = 0.05
_ENVIRONMENT = {"LC_ALL": "C", "LANG": "C", "LANGUAGE": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}

_switch = {"forbidden": False}

Outcome = collections.namedtuple("Outcome", "rc out err cut")
"""``rc`` is None for a command that did not end in time, ``cut`` tells that ``out`` is only the beginning."""


def run(argv, seconds, env=None):
    """Return the Outcome of a command, which is ended after ``seconds``. Raises OSError when it cannot be started."""
    if are_forbidden():
        raise OSError(errno.EPERM, "no command is run on a mounted disk")
    until = time.monotonic() + seconds
    # run_command has no limit of time or output, and the probe has no AnsibleModule.
    process = subprocess.Popen(  # pylint: disable=ansible-bad-function
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ, **dict(_ENVIRONMENT, **(env or {}))),
        start_new_session=True,
    )
    with process.stdout, process.stderr:
        out, err = _Reader(process.stdout, OUTPUT_LIMIT), _Reader(process.stderr, ERROR_LIMIT)
        rc = _end_of(process, (out, err), until)
        for reader in (out, err):
            reader.drain()
    return Outcome(rc, out.text(), err.text(), out.cut)


@contextlib.contextmanager
def forbidden():
    """Meanwhile no command is run: they would be those of a system that is only mounted here."""
    _switch["forbidden"] = True
    try:
        yield
    finally:
        _switch["forbidden"] = False


def are_forbidden():
    """Tell whether no command may be run."""
    return _switch["forbidden"]


def _end_of(process, readers, until):
    """Read until the command has ended and return its status; end it, and return None, when its time is over."""
    while process.poll() is None:
        left = until - time.monotonic()
        if left <= 0:
            _kill(process)
            return None
        opened = [reader for reader in readers if reader.open]
        if not opened:
            _wait(process, left)
            continue
        for reader in select.select(opened, [], [], min(left, _POLL_SECONDS))[0]:
            reader.read()
    return process.returncode


def _kill(process):
    """End a command with its children. Never waits for long: it may be stuck in the kernel."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except OSError:
        pass
    _wait(process, 0.5)


def _wait(process, seconds):
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass


class _Reader:
    """One pipe: keeps the first bytes, takes the others away so that the command is not held up."""

    def __init__(self, pipe, limit):
        self.open = True
        self.cut = False
        self._pipe = pipe
        self._left = limit
        self._chunks = []

    def fileno(self):
        return self._pipe.fileno()

    def read(self):
        """Take one piece; there must be one, or the end."""
        chunk = os.read(self.fileno(), _CHUNK)
        self.open = bool(chunk)
        self.cut = self.cut or len(chunk) > self._left
        if self._left:
            self._chunks.append(chunk[: self._left])
            self._left -= len(self._chunks[-1])

    def drain(self):
        """Take what lies in the pipe already."""
        for _piece in range(_LEFT_OVER):
            if not self.open or not select.select([self], [], [], 0)[0]:
                break
            self.read()

    def text(self):
        return b"".join(self._chunks).decode("utf-8", "replace")
