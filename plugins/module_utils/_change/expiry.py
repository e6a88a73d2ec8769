# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What the guest keeps to end, by itself, what was done for a time only: a timer of systemd, or a table of cron.

Both call the program until it has done its work, which removes them: at the time, after a boot that missed it, and
again after a failure. The program knows by itself whether the time is over.
"""

import glob
import os
import re
import sys
import time

from .._guest import processes
from .._guest.host import Host
from . import atomic, packed
from .errors import cannot
from .journal import EXPIRY
from .steps import FileStep, QuietStep
from .systemd import DROPIN_DIRECTORY, ReloadStep, Systemd, UnitStep, exec_line

CRON_DIRECTORY = "/etc/cron.d"
_HEAD = "# Written by vmbackup.azure. It goes when its work is done.\n# Until {until}\n"
_UNTIL = re.compile(r"^# Until (\S+)$", re.MULTILINE)
_TIMER = """[Unit]
Description=Time limit: {what}

[Timer]
OnCalendar={calendar}
OnBootSec=1min
AccuracySec=1s

[Install]
WantedBy=timers.target
"""
_SERVICE = """[Unit]
Description=End after the time limit: {what}

[Service]
ExecStart={command}
Restart=on-failure
RestartSec=60
"""
_CRON = "*/5 * * * * root {command} >/dev/null 2>&1\n"


def steps(name, what, run_path, call, until):
    """Return the steps after which a function is called when it is `until`, in seconds: `call` and its arguments."""
    program = os.path.join(run_path, EXPIRY)
    argv = [sys.executable, "-I", program] + list(call[1:])
    head = _HEAD.format(until=utc(until))
    first = ProgramStep(program, call[0])
    if Systemd.is_running():
        systemd = Systemd()
        calendar = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(until))
        service = FileStep(
            _unit(name, "service"), (head + _SERVICE.format(what=what, command=exec_line(argv))).encode()
        )
        timer = FileStep(_unit(name, "timer"), (head + _TIMER.format(what=what, calendar=calendar)).encode())
        start = UnitStep(systemd, os.path.basename(timer.path), ["enable", "start"], {"active": True, "enabled": True})
        return [first, service, timer, ReloadStep(systemd, timer), start]
    if not _cron_runs():
        raise cannot(
            "set a time limit for", what, "the host has neither systemd nor a running cron with " + CRON_DIRECTORY
        )
    command = " ".join("'" + word.replace("%", "\\%") + "'" for word in argv)
    return [first, FileStep(os.path.join(CRON_DIRECTORY, name), (head + _CRON.format(command=command)).encode())]


def until(name):
    """Return the time at which it ends, in words; None when nothing is there that ends it."""
    for path in (_unit(name, "timer"), os.path.join(CRON_DIRECTORY, name)):
        state = atomic.read(path)
        found = _UNTIL.search(state.data.decode("utf-8", "replace")) if state else None
        if found:
            return found.group(1)
    return None


def utc(seconds):
    """Return a time in words."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _unit(name, kind):
    return os.path.join(DROPIN_DIRECTORY, "{}.{}".format(name, kind))


def _cron_runs():
    names = {process.name for process in processes.listed(Host())}
    return bool(names & {"cron", "crond"}) and bool(glob.glob(CRON_DIRECTORY))


class ProgramStep(QuietStep):
    """The program lies in the run, and goes with it."""

    def __init__(self, path, function):
        self._path = path
        self._function = function

    def apply(self, _run):
        data = packed.program(self._function)
        atomic.replace(self._path, atomic.FileState(data, 0o600, os.geteuid(), os.getegid()))
