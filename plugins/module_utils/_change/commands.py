# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Runs a command with a time limit, without a shell, in the C locale."""

import collections
import os
import signal
import subprocess

Result = collections.namedtuple("Result", "rc out err")

NOT_FOUND, TIMED_OUT = 127, 124


def run(argv, timeout=20, stdin=""):
    """Return Result(rc, out, err); a missing command is rc 127 and one over its time rc 124."""
    environment = dict(os.environ, LC_ALL="C", LANGUAGE="C", SYSTEMD_PAGER="", SYSTEMD_COLORS="0")
    try:
        process = subprocess.Popen(
            argv,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return Result(NOT_FOUND, "", os.strerror(error.errno or 0))
    try:
        out, err = process.communicate(stdin.encode(), timeout=timeout)
    except subprocess.TimeoutExpired:
        # The whole group: a child that keeps the pipe open would hold us up for ever.
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Result(TIMED_OUT, "", "no answer within {} s".format(timeout))
    return Result(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
