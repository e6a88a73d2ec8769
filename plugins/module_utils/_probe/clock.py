# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Section ``clock``: the guest's time and whether something keeps it right."""

import os
import time

from .._guest import processes
from .._guest.host import Missing

KEEPERS = ("chronyd", "systemd-timesyncd", "ntpd", "openntpd", "ptp4l", "phc2sys")
UNSYNCHRONISED = 0x40
TIMEX_SIZE = 256


def collect(host, options, facts):
    host.need_live()
    facts["now"] = round(time.time(), 3)
    facts.take("synchronised", lambda: synchronised(host))
    facts.take("kept_by", lambda: kept_by(host))


def synchronised(host):
    """``{value, max_error_s, read_from}`` as the kernel states it: whether a daemon disciplines its clock."""
    status, max_error = _adjtimex()
    return {
        "value": not status & UNSYNCHRONISED,
        "max_error_s": round(max_error / 1e6, 3),
        "read_from": "adjtimex",
    }


def _adjtimex():
    """``(status bits, maximum error in microseconds)``; asking changes nothing."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "adjtimex"):
        raise Missing("Cannot ask the kernel for its clock state: no adjtimex")
    buffer = (ctypes.c_long * (TIMEX_SIZE // ctypes.sizeof(ctypes.c_long)))()
    if libc.adjtimex(ctypes.byref(buffer)) < 0:
        raise Missing("Cannot ask the kernel for its clock state: {0}".format(os.strerror(ctypes.get_errno())))
    # struct timex: modes (an int, padded to a long), offset, freq, maxerror, esterror, status.
    return buffer[5] & 0xFFFF, buffer[3]


def kept_by(host):
    """The daemon that keeps the time, or None."""
    names = set(process.name for process in processes.listed(host))
    return next((name for name in KEEPERS if name in names), None)
