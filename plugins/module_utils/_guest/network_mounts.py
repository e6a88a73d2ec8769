# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Mounts over a network or through a program, and which of them answer."""

import subprocess
import time

from . import mount_table
from .host import Missing

SECONDS = 2.0
MAX_MOUNTS = 16


def look(host, mounts):
    """``[(mount, whether it answers)]``, None for one that nobody asked."""
    found = [mount for mount in mount_table.visible(mounts) if mount.network]
    answers = answering(host, [mount.target for mount in found]) if host.live and found else {}
    return [(mount, answers.get(mount.target)) for mount in found]


def answering(host, targets):
    """``{target: whether it answers}`` of mounts over a network, asked by processes of their own.

    A process that hangs in the kernel cannot be ended, not even by its own parent's end: a thread would keep us.
    """
    host.need_live()
    asked = []
    for target in targets[:MAX_MOUNTS]:
        try:
            process = subprocess.Popen(  # pylint: disable=ansible-bad-function
                ["stat", "-f", "-c", "%T", target],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                close_fds=True,
                start_new_session=True,
            )
        except OSError as error:
            raise Missing("Cannot run 'stat': {0}".format(error.strerror or error)) from error
        asked.append((target, process))
    until = time.monotonic() + min(SECONDS, host.remaining())
    while time.monotonic() < until and any(process.poll() is None for _target, process in asked):
        time.sleep(0.01)
    answers = {}
    for target, process in asked:
        answers[target] = process.poll() is not None
        if not answers[target]:
            process.kill()
    return answers
