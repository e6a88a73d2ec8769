# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guest's time and what keeps it right."""

from __future__ import annotations

from ._kinds import NULL, PEOPLE, flag, linux, number, record, text, whole, windows

SECTION = record(
    __doc__,
    now=number("Seconds since the epoch when the probe ran."),
    **linux(
        "Windows says whom it follows (source, host_provider), not how well.",
        synchronised=record(
            "The kernel's opinion.",
            value=flag("A daemon keeps the clock right."),
            max_error_s=number("Bound of the error.", PEOPLE),
        ),
        kept_by=text("The daemon that keeps the time.", NULL, PEOPLE),
    ),
    **windows(
        "On Linux a daemon keeps the time (kept_by), whatever it follows.",
        source=record(
            "The Windows Time service.",
            PEOPLE,
            type=text("NTP, NT5DS, NoSync or AllSync.", NULL),
            servers=text("Its servers.", NULL),
        ),
        host_provider=whole("1: the host's clock is followed.", NULL, PEOPLE),
    ),
)
