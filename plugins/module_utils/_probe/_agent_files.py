# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the agent leaves in files: pid, status, goal states, marker; and the kernel's control groups."""

import math
import os
import re

from .._guest import mount_table, processes, trees
from .._guest.host import NEEDS_LIVE, Missing

NUMBERED = re.compile(r"^GoalState\.(\d+)\.xml$")
STATUS = re.compile(r"^waagent_status(?:\.\d+)?\.json$")


def pid_file(host, path):
    """``{path, pid, alive, is_agent}``: the daemon refuses to start while the number belongs to any process."""
    text = host.line(path)
    if text is None:
        return None
    pid = int(text) if text.isdigit() else None
    stated = {"pid": pid, "read_from": path}
    if host.live:
        daemons = [process.pid for process in processes.daemons(host)]
        stated["alive"] = pid is not None and host.exists("/proc/{0}".format(pid))
        stated["is_agent"] = pid in daemons
    return stated


def if_there(host, directory, name):
    """The path of a file of a directory, None when it is not there. Raises Missing for a tree without the directory."""
    trees.need(host, directory)
    path = "{0}/{1}".format(directory, name)
    return path if host.exists(path) else None


def directory(host, path):
    info = host.stat(path)
    if info is None:
        return {"exists": False, "leads_to": host.link(path), "read_from": path}
    try:
        mount = mount_table.covering(mount_table.read(host)[0], os.path.realpath(path) if host.live else path)
    except Missing:
        mount = None
    return {
        "exists": True,
        "read_only": mount.read_only if mount else None,
        "is_directory": host.exists(path + "/."),
        "owner": info.st_uid,
        "mode": "{0:04o}".format(info.st_mode & 0o7777),
        "read_from": path,
    }


def status(host, lib_dir, now):
    """The newest status that the agent wrote: ``{age_s, read_from}``; None when it never wrote one."""
    if now is None:
        raise Missing(NEEDS_LIVE)
    paths = [lib_dir + "/" + name for name in host.names(lib_dir) if STATUS.match(name)]
    history = lib_dir + "/history"
    # Their names begin with the time, so the last ones are the newest; older ones are packed.
    for name in host.names(history)[-3:]:
        paths.append("{0}/{1}/waagent_status.json".format(history, name))
    found = [(info.st_mtime, path) for info, path in ((host.stat(path), path) for path in paths) if info]
    return {"age_s": max(0, math.floor(now - max(found)[0])), "read_from": max(found)[1]} if found else None


def goal_state_files(host, lib_dir):
    """The goal states that old agents keep by number; later agents write empty files in their place."""
    trees.need(host, lib_dir)
    numbers = sorted(int(match.group(1)) for match in map(NUMBERED.match, host.names(lib_dir)) if match)
    incarnation = host.line(lib_dir + "/Incarnation")
    return {
        "count": len(numbers),
        "lowest": numbers[0] if numbers else None,
        "highest": numbers[-1] if numbers else None,
        "incarnation": int(incarnation) if incarnation and incarnation.isdigit() else None,
        "placeholders": bool(numbers) and not any(_size(host, lib_dir, number) for number in numbers),
        "current_is_there": None if not incarnation or not incarnation.isdigit() else int(incarnation) in numbers,
        "read_from": lib_dir,
    }


def _size(host, lib_dir, number):
    info = host.stat("{0}/GoalState.{1}.xml".format(lib_dir, number))
    return info.st_size if info else 0


def cgroups(host):
    host.need_live()
    text = host.text("/proc/cgroups")
    if text is None:
        return None
    names = [line.split()[0] for line in text.splitlines() if line and not line.startswith("#")]
    return {"controllers": names, "read_from": "/proc/cgroups"}
