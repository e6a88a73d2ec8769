# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What systemd's manager says of the agent's units: the probe's one systemctl call."""

import re

from .._guest import unit_files
from .._guest.host import Missing

PROPERTIES = (
    "Id,Names,LoadState,UnitFileState,ActiveState,SubState,Result,MainPID,ExecMainCode,ExecMainStatus,NRestarts,"
    "Restart,RestartUSec,StartLimitBurst,StartLimitIntervalUSec,StartLimitInterval,FragmentPath,DropInPaths,"
    "ConditionResult,ConditionTimestampMonotonic,InactiveEnterTimestampMonotonic"
)
SPAN = re.compile(r"([0-9.]+)\s*([a-z]*)", re.IGNORECASE)
SECONDS = {
    "us": 1e-6, "usec": 1e-6, "ms": 1e-3, "msec": 1e-3, "": 1, "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "minute": 60, "minutes": 60, "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600, "d": 86400,
}  # fmt: skip


def shown(host):
    """``{unit name: properties}`` of the agent's units as the manager knows them: the probe's one systemctl call."""
    return host.once("systemctl_show", lambda: _shown(host))


def _shown(host):
    argv = ["systemctl", "show", "--no-pager", "--property=" + PROPERTIES] + list(unit_files.AGENT_UNITS)
    status, out, err = host.run(argv)
    blocks = [properties(block) for block in out.strip().split("\n\n")]
    if status or len(blocks) != len(unit_files.AGENT_UNITS):
        raise Missing("Cannot run 'systemctl show': {0}".format((err or out).strip() or "status {0}".format(status)))
    return dict(zip(unit_files.AGENT_UNITS, blocks))


def properties(block):
    """``Name=value`` lines as a dictionary."""
    return dict(line.partition("=")[::2] for line in block.splitlines() if "=" in line)


def stated(shown_properties):
    """The facts of a unit in the words of the guest state; those of its file only when it is loaded."""
    get = shown_properties.get
    said = {
        "load": get("LoadState"),
        "active": get("ActiveState"),
        "sub": get("SubState"),
        "result": get("Result"),
        "main_pid": number(get("MainPID")) or None,
        "exit_code": number(get("ExecMainCode")),
        "exit_status": number(get("ExecMainStatus")),
        "restarts": number(get("NRestarts")),
        # Not evaluated since boot is no answer: systemd prints "no" for that too.
        "condition_result": get("ConditionResult") == "yes" if number(get("ConditionTimestampMonotonic")) else None,
    }
    if get("UnitFileState"):
        said["enabled"] = get("UnitFileState")
    if get("LoadState") == "loaded":
        said["restart"] = get("Restart")
        said["restart_s"] = span(get("RestartUSec"))
        said["start_limit_burst"] = number(get("StartLimitBurst"))
        said["start_limit_s"] = span(get("StartLimitIntervalUSec")) or (number(get("StartLimitInterval")) or 0) / 1e6
    return said


def span(text):
    """Seconds in a time span of systemd (``1min 30s``, ``100ms``); None for ``infinity`` and what is no span."""
    parts = SPAN.findall(text or "")
    if not parts or any(unit.lower() not in SECONDS for _number, unit in parts):
        return None
    return round(sum(float(number) * SECONDS[unit.lower()] for number, unit in parts), 6)


def number(text):
    """A whole number, or None for anything else, as systemd writes ``[not set]``."""
    return int(text) if text and text.lstrip("-").isdigit() else None
