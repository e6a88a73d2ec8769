# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The guest's processes, listed once for all sections, and those of the agent among them."""

import os
import re

from .agent import UNITS
from .host import NEEDS_ROOT, Missing

VERSION = re.compile(r"WALinuxAgent-(\d+(?:\.\d+)+)")
INTERPRETER = re.compile(r"(?:platform-)?(?:python|pypy)[0-9.]*\Z")


class Process(object):
    """A running process: its id and its command line, of which only the agent's own has all its words."""

    def __init__(self, pid, words):
        self.pid, self.words = pid, words

    @property
    def name(self):
        return os.path.basename(self.words[0])


def listed(host):
    """All processes with a command line. Raises Missing where others' processes are hidden from this user."""
    return host.once("processes", lambda: _listed(host))


def _listed(host):
    found = []
    for pid in _pids(host):
        words = _words(host, pid)
        if words:
            found.append(Process(pid, words if _arguments(words) else words[:1]))
    return found


def _pids(host):
    """The ids of all processes while there is time to look at them; raises Missing when that is over."""
    host.need_live()
    names = [name for name in host.names("/proc") if name.isdigit()]
    if "1" not in names and not host.privileged:
        raise Missing(NEEDS_ROOT)
    for name in sorted(names, key=int):
        if not host.remaining():
            raise Missing("Cannot list the processes: {0} are too many for the time".format(len(names)))
        yield int(name)


def _words(host, pid, limit=4096):
    """The words of a command line; none of a kernel thread, or of a process that has ended."""
    try:
        data = host.read("/proc/{0}/cmdline".format(pid), limit)
    except Missing:
        return []
    return data.decode("utf-8", "replace").rstrip("\0").split("\0") if data else []


def daemons(host):
    """The agent's daemons: one on a healthy system."""
    return [process for process in listed(host) if is_daemon(process.words) and _is_genuine(host, process.pid)]


def handlers(host):
    """The agent's extension handlers: the one child of the daemon on a healthy system."""
    return [process for process in listed(host) if is_handler(process.words) and _is_genuine(host, process.pid)]


def is_daemon(words):
    return any(re.match("[-/]*daemon", word) for word in _arguments(words))


def is_handler(words):
    return any(re.match("[-/]*run-exthandlers", word) for word in _arguments(words))


def _arguments(words):
    """What the agent was told by a command line; nothing when this is not the agent's.

    The interpreter comes first, perhaps with options; an updated agent runs from an egg named after its version.
    """
    rest = list(words)
    if rest and INTERPRETER.match(os.path.basename(rest[0])):
        rest = _behind_options(rest[1:])
    if rest and (os.path.basename(rest[0]) == "waagent" or VERSION.search(rest[0])):
        return rest[1:]
    return []


def _behind_options(words):
    """The script that Python runs and what follows; nothing when it runs a module or a text."""
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option in ("-W", "-X"):
            del words[:1]
        elif re.match("-[^-WX]*[cm]", option):
            return []
    return words


def _is_genuine(host, pid):
    """Whether a process that looks like the agent's is: of its unit, or root's own Python, and of no container.

    Any user can give any command line to a process.
    """
    own, its = (host.link("/proc/{0}/ns/pid".format(number)) for number in ("self", pid))
    if own is not None and its is not None and own != its:
        return False
    if _is_of_unit(host, pid):
        return True
    program = host.link("/proc/{0}/exe".format(pid))
    return _owner(host, pid) == 0 and (program is None or bool(INTERPRETER.match(_name(program))))


def _is_of_unit(host, pid):
    """Whether systemd runs a process for a unit of the agent's name; users have units of their own below user.slice."""
    for line in _of(host, pid, "cgroup").splitlines():
        groups = line.split(":", 2)[-1].split("/")
        if "user.slice" not in groups and any(unit in groups for unit in UNITS):
            return True
    return False


def _owner(host, pid):
    """The user who really started a process: neither a set-user-id bit nor the owner of its files in /proc counts."""
    found = re.search(r"^Uid:\s+(\d+)", _of(host, pid, "status"), re.MULTILINE)
    return int(found.group(1)) if found else None


def _name(program):
    return os.path.basename(program[: -len(" (deleted)")] if program.endswith(" (deleted)") else program)


def _of(host, pid, name):
    """A file of a process; empty when it has ended or may not be read."""
    try:
        return host.text("/proc/{0}/{1}".format(pid, name), 65536) or ""
    except Missing:
        return ""


def handler_version(words):
    """The version in the command line of an updated handler; None for that of the installed package."""
    match = VERSION.search(" ".join(words))
    return match.group(1) if match else None


def described(host, process):
    """What the guest state says of a process of the agent."""
    path = "/proc/{0}".format(process.pid)
    state, age = _state(host, process.pid)
    return {
        "pid": process.pid,
        "command": process.words,
        "executable": host.link(path + "/exe"),
        "state": state,
        "frozen": _is_frozen(host, process.pid),
        "age_s": None if age is None else int(age),
        "context": _context(host, path),
        "read_from": path + "/cmdline",
    }


def _is_frozen(host, pid):
    """Whether the kernel runs a process at all: its control group, or one above it, may be frozen."""
    for line in _of(host, pid, "cgroup").splitlines():
        number, controllers, group = (line.split(":", 2) + ["", ""])[:3]
        if number == "0" and re.search("^frozen 1$", _group(host, group, "cgroup.events"), re.MULTILINE):
            return True
        if controllers == "freezer" and "FR" in _group(host, "/freezer" + group, "freezer.state"):
            return True
    return False


def _group(host, group, name):
    """A file of a control group; empty where there is none."""
    for root in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
        text = host.text("{0}{1}/{2}".format(root, group.rstrip("/"), name), 4096)
        if text is not None:
            return text
    return ""


def _context(host, path):
    """The security context, or None on a kernel without such a module (reading it then is an error)."""
    try:
        return (host.line(path + "/attr/current") or "").rstrip("\0") or None
    except Missing:
        return None


def age(host, pid):
    """Seconds since a process began; None when it has ended."""
    return _state(host, pid)[1]


def _state(host, pid):
    # The name in parentheses may hold blanks: the fields behind it are counted.
    fields = _of(host, pid, "stat").rpartition(")")[2].split()
    if not fields:
        return None, None
    uptime = float(host.text("/proc/uptime").split()[0])
    return fields[0], max(0.0, uptime - int(fields[19]) / float(os.sysconf("SC_CLK_TCK")))


def environment(host, pid):
    """The variables that a process started with; of a name that is there twice programs take the first."""
    path = "/proc/{0}/environ".format(pid)
    data = host.read(path)
    if data is None:
        raise Missing("Cannot read '{0}': the process has ended".format(path))
    if not data and not host.privileged:
        raise Missing(NEEDS_ROOT)
    values = {}
    for item in data.decode("utf-8", "replace").split("\0"):
        name, mark, value = item.partition("=")
        if mark:
            values.setdefault(name, value)
    return values


def users_of(host, directory):
    """The ids of root's processes, but this one, whose command line, directory or program lies below a directory.

    A user can write any path into a command line, and so hold up what waits for the others.
    """
    below = directory.rstrip("/") + "/"
    found = []
    for pid in _pids(host):
        links = [host.link("/proc/{0}/{1}".format(pid, link)) for link in ("cwd", "exe")]
        places = _words(host, pid, 1 << 20) + [link + "/" for link in links if link]
        if pid != os.getpid() and any(below in place for place in places) and _owner(host, pid) == 0:
            found.append(pid)
    return found


def booted(host):
    """When the system started, in seconds of its clock. Raises Missing for a tree."""
    return host.once("booted", lambda: _booted(host))


def _booted(host):
    host.need_live()
    for line in host.text("/proc/stat").splitlines():
        if line.startswith("btime "):
            return int(line.split()[1])
    raise Missing("Cannot read '/proc/stat': no btime")
