# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources that the settings of a unit leave the agent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ._restriction import Restriction
from ._unit_settings import Settings

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40, "%": 1}

LEAST = {
    "MemoryMax": (64 << 20, "too little memory"),
    "MemoryHigh": (64 << 20, "too little memory"),
    "LimitDATA": (64 << 20, "too little memory"),
    "LimitSTACK": (256 << 10, "too small a stack"),
    "LimitAS": (128 << 20, "too little address space"),
    "TasksMax": (16, "too few processes and threads"),
    "LimitFSIZE": (64 << 20, "too small files"),
    "LimitNOFILE": (64, "too few open files"),
    "CPUQuota": (10, "too little CPU time"),
}
"""What agent and extension need at the least, with room below: bytes, tasks, files, percent."""

ENDS = {
    "RuntimeMaxSec": "run that long",
    "WatchdogSec": "run that long without a sign of life, which it never gives",
    "LimitCPU": "used the CPU that long",
}
"""Settings that end a service which does its work."""

NEVER = ("infinity", "0", "0s")
"""Times that end nothing."""


def resource_limits(settings: Settings) -> Iterator[Restriction]:
    """Settings that leave the agent less than it needs, or end it while it works."""
    for entry in settings.named(*LEAST):
        least, what = LEAST[entry.name]
        found = re.fullmatch(r"([0-9]+)([KMGT%]?)(?::.*)?", entry.value)
        # A share of the machine's memory or tasks says nothing without the machine.
        known = found and (found[2] == "%") == (entry.name == "CPUQuota")
        if found and known and int(found[1]) * UNITS[found[2]] < least:
            why = f"{entry.name}={entry.value} gives the agent's service {what}"
            yield Restriction(why, entry, proved=False)
    for entry in settings.named(*ENDS):
        if entry.value not in NEVER:
            why = f"{entry.name}={entry.value} ends the agent each time it has {ENDS[entry.name]}"
            yield Restriction(why, entry, proved=False, noticed=False)
