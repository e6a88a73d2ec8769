# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Commands of a change, with every way in which they can fail as a return code."""

import collections
import os

from .._guest import commands
from . import answer
from .errors import cannot

Result = collections.namedtuple("Result", "rc out err")

NOT_FOUND, TIMED_OUT = 127, 124


def run(argv, timeout=20):
    """Return Result(rc, out, err); a missing command is rc 127 and one over its time rc 124."""
    answer.goes_on(timeout)
    try:
        outcome = commands.run(argv, timeout)
    except OSError as error:
        return Result(NOT_FOUND, "", os.strerror(error.errno or 0))
    answer.goes_on()
    if outcome.rc is None:
        return Result(TIMED_OUT, "", "no answer within {} s".format(timeout))
    return Result(outcome.rc, outcome.out, outcome.err)


def output(argv, run=run, timeout=60):
    """Return what a command prints; raises ChangeError when it fails."""
    result = run(argv, timeout)
    if result.rc != 0:
        words = " ".join((result.err or result.out).split())[:500]
        raise cannot("run", " ".join(argv), words or "it returned {}".format(result.rc))
    return result.out


def run_all(listed, timeout=60):
    """Run commands in their order, `timeout` seconds each; raises ChangeError at the first one that fails."""
    for argv in listed:
        output(argv, run, timeout)
