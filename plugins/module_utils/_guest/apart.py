# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Runs what reads the guest in a process of its own, that may hang for good.

A thread that waits in the kernel for a dead mount cannot be ended, and keeps its process: who started it, sshd and then
Ansible, would wait for the mount. So the process that answers never touches the guest's files.
"""

import mmap
import os
import select
import signal
import time

from . import surroundings

CHUNK = 1 << 16


class Board(object):
    """Memory that both processes see: how long the answer may take, and a note for when it never comes.

    The other process reads at any moment, and may end this one in the middle of a write: half a write is never seen.
    """

    def __init__(self):
        # struct clears its place before it writes; an item of a view is one store.
        self._memory = mmap.mmap(-1, 3 * mmap.PAGESIZE)
        self._times = memoryview(self._memory)[:16].cast("d")
        self._numbers = memoryview(self._memory)[16:32].cast("I")

    def allow(self, seconds):
        """From now on the answer may take so long."""
        self._times[1] = seconds
        self._times[0] = time.monotonic() + seconds

    @property
    def allowed(self):
        """Seconds that were allowed last."""
        return self._times[1]

    def left(self):
        """Seconds in which the answer may still come, never negative."""
        return max(0.0, self._times[0] - time.monotonic())

    def write(self, note):
        """Leave some bytes for when there is no answer: in the other of two pages, that counts once it is whole."""
        page = 2 if self._numbers[0] == 1 else 1
        start = page * mmap.PAGESIZE
        self._memory[start : start + len(note)] = note
        self._numbers[page] = len(note)
        self._numbers[0] = page

    def read(self):
        """The bytes that were written last."""
        page = self._numbers[0]
        start = page * mmap.PAGESIZE
        return self._memory[start : start + self._numbers[page]] if page else b""


def run(make, seconds, board=None):
    """The bytes that ``make()`` returns, made by a child process. None when they are not there within ``seconds``.

    With a ``board``, the child may allow itself more.
    """
    board = board or Board()
    board.allow(seconds)
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(make, inward, outward)
    os.close(outward)
    try:
        return _received(inward, board)
    finally:
        os.close(inward)
        # Never waited for: where it hangs it ends with the mount, and init takes it.
        os.kill(child, signal.SIGKILL)


def _answer(make, inward, outward):
    try:
        os.close(inward)
        # Whoever holds our output open is waited for as well.
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        surroundings.settle()
        data = make()
        while data:
            data = data[os.write(outward, data) :]
        os.close(outward)  # hanging threads keep a process's open files, so its end would not close it
        os._exit(0)
    finally:
        os._exit(1)


def _received(pipe, board):
    """All bytes up to the end; None when there are none or the end does not come in time."""
    chunks = []
    while True:
        left = board.left()
        if select.select([pipe], [], [], left)[0]:
            chunk = os.read(pipe, CHUNK)
            if not chunk:
                return b"".join(chunks) or None
            chunks.append(chunk)
        elif not board.left():
            return None
