# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""Errors of the agent's log that are in no table and come again and again: lines of one kind, counted over the last
hour, since the agent started. What comes once with each start is an error of starting, and says nothing of the rounds
of work.
"""

from . import _set_off
from ._log_lines import clean
from ._signatures import STARTED

HOUR = 3600
OFTEN = 3
MAX_KINDS = 3
LEVELS = ((b" ERROR ", "error"), (b" WARNING ", "warning"))
HEAD = 60
"""Within the first characters of a line stand time, level and thread."""

DONE = (
    b"ProcessExtensionsGoalState completed",
    b"ProcessExtensionsInGoalState completed",
    b"ProcessGoalState completed",
    b"recovered from previous errors",
)
"""What the agent writes when a round of its work went well."""


def find(log, signatures, now, around=()):
    """The kinds that come most, ``{level, text, detail, count, every_s, age_s, since_success}`` each."""
    if now is None:
        return []
    explained = set(number for signature in signatures for number in log.of_signature(signature))
    success, start = max(log.end_of(text) for text in DONE), log.end_of(STARTED)
    found = []
    for key, number in log.last.items():
        level = _level(log.lines[number])
        if level is None or log.count[key] < OFTEN or number in explained:
            continue
        noted = (log.time(place) for place in _places(log, key, start, number))
        times = [when for when in noted if when and now - when <= HOUR]
        if len(times) < OFTEN or times[-1] == times[0]:
            continue
        found.append(
            {
                "level": level,
                "text": clean(log.lines[number]),
                "detail": log.detail(number),
                "set_off": _set_off.find(log, log.first_since([number], 0), around),
                "count": len(times),
                "every_s": (times[-1] - times[0]) // (len(times) - 1),
                "age_s": max(0, now - times[-1]),
                "since_success": number > success,
            }
        )
    return sorted(found, key=lambda one: (one["level"], -one["count"]))[:MAX_KINDS]


def _level(line):
    head = line[:HEAD]
    return next((name for mark, name in LEVELS if mark in head), None)


def _places(log, key, start, last):
    return (number for number in range(start + 1, last + 1) if log.keys[number] == key)
