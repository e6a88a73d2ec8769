# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""What set an error off: the line, in the minutes before it began, of something that changes the guest."""

from ._log_lines import clean
from ._signatures import STARTED

SHORTLY = 300
"""Seconds before its first line in which an error may have been set off."""

SET_OFF = (
    STARTED,
    b"Detected hostname change",
    b"Agent is shutting down",
    b"Detected a change in the DHCP client",
    b"discovered update",
    b"Self-update",
    b"exiting current process",
    b"Detected dhcp client restart",
    b"unique identifier has changed",
)
"""What changes something: a start of the agent, its update, another host name, DHCP client or virtual machine."""


def find(log, first):
    """The last line, in the minutes before an error began, of something that changes the guest; None without one."""
    begin = log.time(first)
    for number in range(first - 1, -1, -1):
        when = log.time(number) if begin is not None else None
        if when is None or begin - when > SHORTLY:
            return None
        if any(text in log.lines[number] for text in SET_OFF):
            return clean(log.lines[number])
    return None
