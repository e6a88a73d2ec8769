# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Runs what reads the guest in a process of its own, that may hang for good.

A thread that waits in the kernel for a dead mount cannot be ended, and keeps its process: who started it, sshd and then
Ansible, would wait for the mount. So the process that answers never touches the guest's files.
"""

import os
import select
import signal
import time

from . import surroundings

CHUNK = 1 << 16


def run(make, seconds):
    """The bytes that ``make()`` returns, made by a child process. None when they are not there within ``seconds``."""
    until = time.monotonic() + seconds
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(make, inward, outward)
    os.close(outward)
    try:
        return _received(inward, until)
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


def _received(pipe, until):
    """All bytes up to the end; None when there are none or the end does not come in time."""
    chunks = []
    while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
        chunk = os.read(pipe, CHUNK)
        if not chunk:
            return b"".join(chunks) or None
        chunks.append(chunk)
    return None
