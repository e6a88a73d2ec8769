# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The end of waagent.log: what it says, and whether that still holds. An error that a later success ends is history."""

import datetime
import re
import time

from .._guest.agent import LOG as PATH
from .._guest.masking import excerpt
from ._signatures import HANDLER_STARTED, HEARTBEAT, RUNNING, SIGNATURES, STARTED, VERSIONS

TAIL = 192 << 10
FRESH_LOG = 16 << 10
"""A log smaller than this was rotated lately: the end of the one before belongs to the picture."""

JUST_STARTED = 300
BEFORE_START = 900
"""Seconds: shortly after a start the errors just before it still count, so that a restart loop is not history."""

MAX_TEXT = 400
NUMBER = re.compile(rb" ?(\d+(?:\.\d+)+)")


def describe(host, now, booted):
    """The log for the guest state, ages in seconds; None when there is none.

    ``now`` and ``booted`` are None for a tree: its clock stands at the last line.
    """
    info = host.stat(PATH)
    if info is None:
        return None
    data = host.read(PATH, TAIL, tail=True) or b""
    if info.st_size < FRESH_LOG:
        data = (host.read(PATH + ".1", TAIL // 4, tail=True) or b"") + data
    last = line_time(data, len(data) - 1)
    now = last if now is None else int(now)
    current, earlier = found_in(data, now, booted)
    return {
        "size": info.st_size,
        "last_line_age_s": _age(now, last),
        "last_start_age_s": _age(now, line_time(data, data.rfind(STARTED))),
        "last_heartbeat_age_s": _age(now, line_time(data, data.rfind(HEARTBEAT))),
        "handler_starts": handler_starts(data),
        "version": version(data),
        "current": current,
        "earlier": earlier,
        "read_from": PATH,
    }


def found_in(data, now=None, booted=None):
    """``(current, earlier)``: the signatures in ``data``, ``{name: {text, count, age_s}}`` each."""
    start = data.rfind(STARTED)
    started = line_time(data, start)
    current, earlier = {}, {}
    for name, signature in SIGNATURES.items():
        position = last_match(data, signature)
        if position < 0:
            continue
        when = line_time(data, position)
        over = (
            any(data.find(needle, position) >= 0 for needle in signature.cleared_by)
            or bool(booted and when and when < booted)
            or (position < start and not _restarting(now, started, when))
        )
        (earlier if over else current)[name] = {
            "text": clean(line_at(data, position)),
            "count": sum(data.count(needle) for needle in signature.needles),
            "age_s": _age(now, when),
        }
    return current, earlier


def handler_starts(data):
    """How often the handler was started since it last worked: more than a few times is a loop."""
    worked = max(data.rfind(needle) for needle in RUNNING)
    return sum(data.count(needle, max(0, worked)) for needle in HANDLER_STARTED)


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


def last_match(data, signature):
    """Where the last line that fits the signature has its text; -1 without one."""
    best = -1
    for needle in signature.needles:
        position = data.rfind(needle)
        # A needle may stand in lines of another meaning: look at a few of the latest only.
        for _attempt in range(20 if signature.also or signature.without else 0):
            if position < 0 or _fits(data, position, signature):
                break
            position = data.rfind(needle, 0, position)
        if position >= 0 and _fits(data, position, signature):
            best = max(best, position)
    return best


def _fits(data, position, signature):
    line = line_at(data, position)
    return signature.also in line and not any(text in line for text in signature.without)


def line_at(data, position):
    begin = data.rfind(b"\n", 0, position) + 1
    end = data.find(b"\n", position)
    return data[begin : end if end >= 0 else len(data)]


def line_time(data, position):
    """Time of the line at ``position``, or of the closest one above it (lines of a traceback have none), or None."""
    for _line in range(40):
        if position < 0:
            return None
        when = parse_time(line_at(data, position))
        if when is not None:
            return when
        position = data.rfind(b"\n", 0, position)
    return None


def parse_time(line):
    """Seconds since the epoch. Agents before 2.2.46 wrote local time with slashes, later ones UTC."""
    text = line[:19].decode("ascii", "replace")
    if text[4:5] not in ("/", "-") or text[10:11] not in (" ", "T"):
        return None
    try:
        places = ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19))
        year, month, day, hour, minute, second = (int(text[begin:end]) for begin, end in places)
        if text[4] == "/":
            return int(time.mktime((year, month, day, hour, minute, second, 0, 0, -1)))
        when = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.timezone.utc)
        return int(when.timestamp())
    except (ValueError, OverflowError):
        return None


def clean(line):
    """The line as text, bounded, without what must not leave the guest."""
    return excerpt(line.decode("utf-8", "replace").strip(), MAX_TEXT)
