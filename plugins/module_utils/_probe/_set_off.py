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

IN_SYSTEM = (
    b"Reloaded firewalld",
    b"Started firewalld",
    b"Finished nftables",
    b"Started nftables",
    b"Started ufw",
    b"Started Network Manager",
    b"Started NetworkManager",
    b"Started systemd-networkd",
    b"Started Network Service",
    b"Changed host name to",
    b"PM: suspend exit",
    b"PM: hibernation: hibernation exit",
    b"kernel: Linux version ",
)
"""The same in the system's logs: another firewall, network or host name, a resume, a boot."""


def changes(log):
    """``[(time, line)]`` of what changed something, by a log of the system."""
    found = set(number for text in IN_SYSTEM for number in log.holding(text))
    return [(log.time(number), clean(log.lines[number])) for number in sorted(found) if log.time(number) is not None]


def find(log, first, around=()):
    """The last line, in the minutes before an error began, of something that changes the guest; None without one.

    ``around``: what changed by the system's logs, for errors of which their own log has no such line.
    """
    begin = log.time(first)
    own = _in_log(log, first, begin)
    if own or begin is None:
        return own
    return max(((when, line) for when, line in around if 0 <= begin - when <= SHORTLY), default=(0, None))[1]


def _in_log(log, first, begin):
    for number in range(first - 1, -1, -1):
        when = log.time(number) if begin is not None else None
        if when is None or begin - when > SHORTLY:
            return None
        if any(text in log.lines[number] for text in SET_OFF):
            return clean(log.lines[number])
    return None
