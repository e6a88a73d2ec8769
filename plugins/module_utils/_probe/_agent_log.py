# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The end of waagent.log: what it says, and whether that still holds. An error that a later success ends is history."""

import re
import stat

from .._guest.agent import LOG as PATH
from . import _repeated, _set_off, _tails
from ._log_lines import Lines, clean
from ._signatures import HANDLER_STARTED, HEARTBEAT, STARTED, VERSIONS

TAIL = 192 << 10

JUST_STARTED = 300
BEFORE_START = 900
"""Seconds: shortly after a start the errors just before it still count, so that a restart loop is not history."""

WORKS = (b"ProcessExtensionsGoalState completed", b"ProcessExtensionsInGoalState completed", b"Target handler state",
         b"ProcessGoalState completed", b"Goal state initialization completed", b"UpdateGSErrors: 0", HEARTBEAT,
         b"is successfully running", b"Fetched a new incarnation", b"recovered from previous errors")  # fmt: skip

NUMBER = re.compile(rb" ?(\d+(?:\.\d+)+)")


def is_file(host):
    """Whether a log can be kept: not where a directory is in its place, or a link to a device."""
    info = host.stat(PATH)
    return None if info is None else stat.S_ISREG(info.st_mode)


def describe(host, now, booted, signatures, around=()):
    """The log for the guest state, ages in seconds; None when there is none, or something else in its place.

    ``now`` and ``booted`` are None for a tree: its clock stands at the last line. ``around``: see ``_set_off.find``.
    """
    data = _tails.end(host, PATH, TAIL) if is_file(host) else None
    if data is None:
        return None
    log = Lines(data)
    last = log.time(len(log.lines) - 1)
    now = last if now is None else int(now)
    start = log.end_of(STARTED)
    current, earlier = found_in(log, signatures, now, booted, start, around)
    return {
        "size": host.stat(PATH).st_size,
        "last_line": last,
        "last_line_age_s": _age(now, last),
        "last_start_age_s": _age(now, log.time(start)),
        "last_heartbeat_age_s": _age(now, log.time(log.end_of(HEARTBEAT))),
        "handler_starts": handler_starts(data),
        "version": version(data),
        "current": current,
        "earlier": earlier,
        "repeated": _repeated.find(log, signatures, now, around),
        "read_from": PATH,
    }


def last_time(host):
    """The time of the last line: a tree's clock. None without one."""
    log = Lines((host.read(PATH, 1 << 14, tail=True) if is_file(host) else None) or b"")
    return log.time(len(log.lines) - 1)


def found_in(log, signatures, now=None, booted=None, start=-1, around=()):
    """``(current, earlier)``: the signatures in the log, ``{name: {text, count, age_s, ...}}`` each.

    ``start``: the line with which the writer started; what stands above it is history.
    """
    started = log.time(start) if start >= 0 else None
    current, earlier = {}, {}
    for signature in signatures:
        numbers = () if signature.harmless else log.of_signature(signature)
        if not numbers:
            continue
        number, when = numbers[-1], log.time(numbers[-1])
        cleared = max((log.end_of(*texts) for texts in signature.cleared_by), default=-1)
        over = (
            cleared >= number
            or bool(booted and when and when < booted)
            or (number < start and not _restarting(now, started, when))
        )
        (earlier if over else current)[signature.name] = {
            "text": clean(log.lines[number]),
            "detail": log.detail(number),
            "set_off": None if over else _set_off.find(log, log.first_since(numbers, cleared + 1), around),
            "count": log.counted(numbers),
            "age_s": _age(now, when),
        }
    return current, earlier


def handler_starts(data):
    """How often the handler was started since it last worked: more than a few times is a loop."""
    worked = max(data.rfind(text) for text in WORKS)
    return sum(data.count(text, max(0, worked)) for text in HANDLER_STARTED)


def version(data):
    """The version of the agent that wrote last; None when it does not say it."""
    position, mark = max((data.rfind(mark), mark) for mark in VERSIONS)
    match = NUMBER.match(data, position + len(mark)) if position >= 0 else None
    return match.group(1).decode("ascii") if match else None


def _age(now, when):
    return None if now is None or when is None else max(0, now - when)


def _restarting(now, started, when):
    if None in (now, started, when):
        return False
    return now - started < JUST_STARTED and started - when < BEFORE_START
