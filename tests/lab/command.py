# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands and waits for conditions; every failure is a LabError that says what could not be done."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 300
"""Seconds for what ends or comes by itself. How long it takes is up to the machine, and nothing waits longer."""


class LabError(Exception):
    """Something the lab was asked for could not be done."""


def run(
    argv: Sequence[str | os.PathLike],
    *,
    check: bool = True,
    timeout: float | None = PATIENCE,
    stdin: str | None = None,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike | None = None,
    shown: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, output captured; on a time-out its whole process group is ended.

    An error shows the command as ``shown``, where that is more telling than the words that were run.
    """
    command = [os.fspath(word) for word in argv]
    shown = shown or " ".join(command)
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=None if env is None else dict(env),
        cwd=cwd,
        start_new_session=True,
    )
    try:
        out, err = process.communicate(stdin, timeout)
    except BaseException as exc:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if isinstance(exc, subprocess.TimeoutExpired):
            raise LabError(f"Cannot run '{shown}': no end after {timeout} s") from None
        raise
    if check and process.returncode:
        reason = (err.strip() or out.strip())[-2000:]
        raise LabError(f"Cannot run '{shown}': rc {process.returncode}: {reason}")
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def wait_until(what: str, probe: Callable[[], T | None], timeout: float = PATIENCE, interval: float = 0.1) -> T:
    """Call the probe until it returns something true, and return that; after the time-out, fail."""
    deadline = time.monotonic() + timeout
    while True:
        result = probe()
        if result:
            return result
        if time.monotonic() > deadline:
            raise LabError(f"Cannot wait for '{what}': not so after {timeout} s")
        time.sleep(interval)


def read_int(path: str | os.PathLike[Any]) -> int:
    """The whole number in a small file of the kernel."""
    with open(path, encoding="ascii") as file:
        return int(file.read())
