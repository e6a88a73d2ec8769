# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one command and says what it took: time, processor time of all its processes, memory, bytes."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import time

SAMPLE_S = 0.1


def run(command: list[str], environment: dict[str, str], folder: pathlib.Path) -> dict[str, float]:
    """Wall and processor seconds of a command and of all processes that it waited for."""
    taken = usage(command, environment, folder)
    return {name: taken[name] for name in ("wall s", "controller CPU s")}


def usage(command: list[str], environment: dict[str, str], folder: pathlib.Path) -> dict[str, float]:
    """The same, and the most MiB that the largest of these processes held."""
    began = time.monotonic()
    process = _start(command, environment, folder)
    _pid, status, rusage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode:
        sys.exit(f"Cannot run '{' '.join(command)}': {(folder / 'output').read_text()[-3000:]}")
    spent = {"wall s": seconds, "controller CPU s": rusage.ru_utime + rusage.ru_stime}
    return {**spent, "largest process MiB": rusage.ru_maxrss / 1024}


def memory(command: list[str], environment: dict[str, str], folder: pathlib.Path) -> float:
    """The most MiB that the command and its descendants held at a time; a page that several share counts once."""
    process, most = _start(command, environment, folder), 0
    while process.poll() is None:
        most = max(most, sum(map(proportional_kib, tree(process.pid))))
        time.sleep(SAMPLE_S)
    return most / 1024


def cpu_of(guests: list) -> float:
    """Processor seconds of the guests since they were booted."""
    total = 0
    for guest in guests:
        lines = (guest.group.ledger / "cpu.stat").read_text("ascii").splitlines()
        total += int(dict(line.split() for line in lines)["usage_usec"])
    return total / 1e6


def _start(command: list[str], environment: dict[str, str], folder: pathlib.Path) -> subprocess.Popen:
    # Every contestant may keep what Python compiled, as an installed Ansible does.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with open(folder / "output", "wb") as output:
        return subprocess.Popen(
            command, env={**inherited, **environment}, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )


def tree(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for parent in found:
        try:
            for thread in os.listdir(f"/proc/{parent}/task"):
                children = pathlib.Path(f"/proc/{parent}/task/{thread}/children").read_text("ascii")
                found.extend(map(int, children.split()))
        except OSError:
            continue  # it has ended meanwhile
    return found


def proportional_kib(pid: int) -> int:
    try:
        lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
