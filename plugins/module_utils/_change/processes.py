# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The agent's processes, read from /proc: which run, since when, with which environment."""

import os


def find_daemons(proc="/proc"):
    """Return the process ids of running agent daemons, lowest first."""
    return sorted(
        pid
        for pid in _pids(proc)
        if any(b"waagent" in word for word in _cmdline(proc, pid)[:3]) and b"-daemon" in _cmdline(proc, pid)
    )


def find_users_of(path, proc="/proc"):
    """Return the process ids whose command line, directory or program lies below a directory."""
    below = path.rstrip("/") + "/"
    found = []
    for pid in _pids(proc):
        places = [os.fsdecode(word) for word in _cmdline(proc, pid)]
        for link in ("cwd", "exe"):
            try:
                places.append(os.readlink(os.path.join(proc, str(pid), link)) + "/")
            except OSError:
                continue
        if pid != os.getpid() and any(below in place for place in places):
            found.append(pid)
    return found


def started_at(pid, proc="/proc"):
    """Return the start of a process in seconds since the epoch, None once it is gone."""
    try:
        with open(os.path.join(proc, str(pid), "stat"), "rb") as handle:
            # The name in parentheses may hold blanks: count the fields after it.
            ticks = int(handle.read().rpartition(b")")[2].split()[19])
        with open(os.path.join(proc, "stat"), "rb") as handle:
            boot = next(int(line.split()[1]) for line in handle if line.startswith(b"btime "))
    except (OSError, IndexError, StopIteration, ValueError):
        return None
    return boot + float(ticks) / os.sysconf("SC_CLK_TCK")


def environment_of(pid, proc="/proc"):
    """Return a process's environment as it was given at its start, None if it cannot be read."""
    try:
        with open(os.path.join(proc, str(pid), "environ"), "rb") as handle:
            words = handle.read().split(b"\0")
    except OSError:
        return None
    pairs = [os.fsdecode(word).partition("=") for word in words if b"=" in word]
    return {name: value for name, _equals, value in pairs}


def older_than_file(path, proc="/proc"):
    """Tell whether a running daemon started before the file's bytes were last changed."""
    try:
        changed = os.stat(path).st_mtime
    except OSError:
        return False
    starts = [started_at(pid, proc) for pid in find_daemons(proc)]
    # One second of grace: the boot time is known to whole seconds only.
    return any(start is not None and start + 1 < changed for start in starts)


def _pids(proc):
    try:
        return [int(name) for name in os.listdir(proc) if name.isdigit()]
    except OSError:
        return []


def _cmdline(proc, pid):
    try:
        with open(os.path.join(proc, str(pid), "cmdline"), "rb") as handle:
            return handle.read().split(b"\0")
    except OSError:
        return []
