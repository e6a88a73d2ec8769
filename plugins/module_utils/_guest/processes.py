# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The guest's processes, listed once for all sections, and those of the agent among them."""

import os
import re

from .host import NEEDS_ROOT, Missing

MAX_PROCESSES = 20000
VERSION = re.compile(r"WALinuxAgent-(\d+(?:\.\d+)+)")


class Process(object):
    """A running process: its id and the words of its command line."""

    def __init__(self, pid, words):
        self.pid, self.words = pid, words

    @property
    def name(self):
        return os.path.basename(self.words[0])


def listed(host):
    """All processes with a command line. Raises Missing where others' processes are hidden from this user."""
    return host.once("processes", lambda: _listed(host))


def _listed(host):
    host.need_live()
    names = [name for name in host.names("/proc") if name.isdigit()]
    if "1" not in names and not host.privileged:
        raise Missing(NEEDS_ROOT)
    found = []
    for name in sorted(names, key=int)[:MAX_PROCESSES]:
        try:
            data = host.read("/proc/{0}/cmdline".format(name), 4096)
        except Missing:
            continue
        if data:
            found.append(Process(int(name), data.decode("utf-8", "replace").rstrip("\0").split("\0")))
    return found


def daemons(host):
    """The agent's daemons: one on a healthy system."""
    return [process for process in listed(host) if is_daemon(process.words) and _here(host, process)]


def handlers(host):
    """The agent's extension handlers: the one child of the daemon on a healthy system."""
    return [process for process in listed(host) if is_handler(process.words) and _here(host, process)]


def is_daemon(words):
    return _is_agent(words) and any(word.lstrip("-/") in ("daemon", "start") for word in words[1:])


def is_handler(words):
    return _is_agent(words) and any(word.lstrip("-/") == "run-exthandlers" for word in words[1:])


def _is_agent(words):
    # The interpreter comes first, perhaps with options; an updated agent runs from an egg named after its version.
    return any(os.path.basename(word) == "waagent" or "WALinuxAgent-" in word for word in words[:4])


def handler_version(words):
    """The version in the command line of an updated handler; None for that of the installed package."""
    match = VERSION.search(" ".join(words))
    return match.group(1) if match else None


def _here(host, process):
    """False for a process of a container that this system runs."""
    own, its = (host.link("/proc/{0}/ns/pid".format(pid)) for pid in ("self", process.pid))
    return own is None or its is None or own == its


def described(host, process):
    """What the guest state says of a process of the agent."""
    path = "/proc/{0}".format(process.pid)
    state, age = _state(host, path)
    return {
        "pid": process.pid,
        "command": process.words,
        "executable": host.link(path + "/exe"),
        "state": state,
        "age_s": age,
        "context": _context(host, path),
        "read_from": path + "/cmdline",
    }


def _context(host, path):
    """The security context, or None on a kernel without such a module (reading it then is an error)."""
    try:
        return (host.line(path + "/attr/current") or "").rstrip("\0") or None
    except Missing:
        return None


def _state(host, path):
    """``(state letter, seconds since it began)`` of a process; two None when it has ended."""
    fields = (host.text(path + "/stat", 4096) or "").rpartition(")")[2].split()
    if not fields:
        return None, None
    uptime = float(host.text("/proc/uptime").split()[0])
    return fields[0], max(0, int(uptime - int(fields[19]) / os.sysconf("SC_CLK_TCK")))


def booted(host):
    """When the system started, in seconds of its clock. Raises Missing for a tree."""
    return host.once("booted", lambda: _booted(host))


def _booted(host):
    host.need_live()
    for line in host.text("/proc/stat").splitlines():
        if line.startswith("btime "):
            return int(line.split()[1])
    raise Missing("Cannot read '/proc/stat': no btime")
