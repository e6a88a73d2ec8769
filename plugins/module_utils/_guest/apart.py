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
import struct
import time

from . import surroundings

CHUNK = 1 << 16
_UNTIL, _LENGTH = struct.Struct("dd"), struct.Struct("I")
_NOTE = _UNTIL.size + _LENGTH.size


class Board(object):
    """Memory that both processes see: how long the answer may take, and a note for when it never comes."""

    def __init__(self):
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)

    def allow(self, seconds):
        """From now on the answer may take so long."""
        _UNTIL.pack_into(self._memory, 0, time.monotonic() + seconds, seconds)

    @property
    def allowed(self):
        """Seconds that were allowed last."""
        return _UNTIL.unpack_from(self._memory)[1]

    def left(self):
        """Seconds in which the answer may still come, never negative."""
        return max(0.0, _UNTIL.unpack_from(self._memory)[0] - time.monotonic())

    def write(self, note):
        """Leave some bytes for when there is no answer."""
        _LENGTH.pack_into(self._memory, _UNTIL.size, 0)
        self._memory[_NOTE : _NOTE + len(note)] = note
        _LENGTH.pack_into(self._memory, _UNTIL.size, len(note))

    def read(self):
        """The bytes that were written last."""
        return self._memory[_NOTE : _NOTE + _LENGTH.unpack_from(self._memory, _UNTIL.size)[0]]


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
