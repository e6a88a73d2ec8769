# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""How commands of the extension were started and how they ended, by its launcher's log and the agent's logs."""

import re

from .._guest.handlers import short
from ._extension_log import KILLED, MAX_TRACEBACK, MOMENT, RAISED, first_moment
from ._log_lines import parse_time

REFUSED = ("Downgrade not allowed", "Failed to save handler status", "Failed to set handler state")
"""What the agent says when its record of the extension does not fit what is there."""

BUSY = "Text file busy"
"""Why a program that may run does not: it is being written."""

NOTHING_RAN = {"exit_status": None, "refused": None, "denied": False, "module": None, "version": None, "at": None,
               "detail": None, "no_status": False}  # fmt: skip

NO_STATUS = ("couldn't read any status", "Failed to get status file", "no status file", "status file was not")
"""What the agent says when the extension has ended and left it no result."""

NOT_OF_IT = ("[", ", duration=")
"""What the agent itself writes around an error output: its headings, and the end of an event."""

CANNOT_EXECUTE = 126
"""The shell's exit status for a program that is there and may not run."""

MODULE = re.compile(r"(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)'?")


def last_launch(text):
    """The last launch in shell.log: ``{returned, no_python}``, or None."""
    returned, no_python, pending = None, False, False
    for line in text.splitlines():
        match = re.search(r"- ?([0-9]+) returned from handle\.py", line)
        if match:
            returned, no_python, pending = int(match.group(1)), pending, False
        elif "python version unknown" in line or "python 3 default" in line:
            pending = True
    return None if returned is None else {"returned": returned, "no_python": no_python}


def command_error(text):
    """What stopped the last command that CommandExecution.log tells of: ``{module, denied}``, or None."""
    found = None
    for line in text.splitlines():
        module = MODULE.search(line)
        if module:
            # The first of a chain is the cause; those after it come from the attempts to go on without it.
            detail = short(line.strip())
            found = (
                found if found and found["module"] else {"module": module.group(1), "denied": False, "detail": detail}
            )
        elif "Permission denied" in line and "main/handle.sh" in line:
            found = {"module": None, "denied": True, "detail": short(line.strip())}
        elif not (found and found["module"]) and (RAISED.match(line.strip()) or KILLED.search(line.strip())):
            found = {"module": None, "denied": False, "detail": short(line.strip())}
        elif "Executing command:" in line or "Command: main/" in line:
            found = None
    return found


def _missing_module(lines):
    """The first module that a traceback below a line of the agent's log misses, or None."""
    for line in lines:
        match = MODULE.search(line)
        if match or MOMENT.match(line):
            return match.group(1) if match else None
    return None


def _detail(lines):
    """The last line of a record that goes on below its first one, or None."""
    told = []
    for line in lines:
        if MOMENT.match(line):
            break
        if line.strip() and not line.startswith(NOT_OF_IT):
            told.append(line.strip())
    return short(told[-1]) if told else None


def enabled_at(text, name):
    """The time at which the agent last ran the extension's command to enable it, by its log; None without one."""
    for line in reversed(text.splitlines()):
        if name in line and "Executing command:" in line and "handle.sh enable" in line:
            return parse_time(line.encode("utf-8"))
    return None


def agent_word(text, name):
    """The agent's last word on the extension in waagent.log: ``{exit_status, refused, denied, module, ...}``, or None.

    ``exit_status`` is that of a failed command, None when a later line says that it was enabled.
    """
    found = None
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if name not in line:
            continue
        match = re.search(r"Non-zero exit code: ([0-9]+)", line)
        if match:
            status, version = int(match.group(1)), re.search(re.escape(name) + r"-([0-9.]+[0-9])", line)
            detail = _detail(lines[number + 1 : number + MAX_TRACEBACK])
            found = {
                "exit_status": status,
                "refused": None,
                "denied": status == CANNOT_EXECUTE and BUSY not in (detail or ""),
                "module": _missing_module(lines[number + 1 : number + MAX_TRACEBACK]),
                "version": version and version.group(1),
                "detail": detail,
                "no_status": False,
                "at": first_moment(lines[number:]),
            }
        elif any(text in line for text in NO_STATUS):
            found = dict(found or NOTHING_RAN, no_status=True, at=first_moment(lines[number:]))
        elif any(text in line for text in REFUSED):
            text = next(text for text in REFUSED if text in line)
            found = dict(NOTHING_RAN, refused=text, at=first_moment(lines[number:]))
        elif "Plugin enabled" in line or "Command: main/handle.sh enable" in line:
            found = None
    return found
