# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The lines of a log's end, each kind of line once: a long log says the same few things again and again.

Two lines are of one kind when they differ in digits and letters of hexadecimal numbers only. Texts are looked for in
the last line of each kind, so that a log of many lines costs little more than one of few.
"""

import bisect
import datetime
import time

from .._guest.masking import excerpt

MAX_TEXT = 400
MAX_DETAIL = 3
NUMBERS = b"0123456789abcdefABCDEF"
TRACE_LINES = 40


class Lines(object):
    """The end of a log. ``moment`` reads the time of a line."""

    def __init__(self, data, moment=None):
        self._moment = moment or parse_time
        self.lines = data.split(b"\n")
        self.keys = data.translate(None, NUMBERS).split(b"\n")
        self.count, self.last = {}, {}
        for number, key in enumerate(self.keys):
            self.count[key] = self.count.get(key, 0) + 1
            self.last[key] = number
        self._numbers = sorted(self.last.values())
        self._text = b"\n".join(self.lines[number] for number in self._numbers)
        self._starts, at = [], 0
        for number in self._numbers:
            self._starts.append(at)
            at += len(self.lines[number]) + 1
        self._ends = {}

    def holding(self, text):
        """Numbers of the last lines of all kinds that hold the text, in their order."""
        found, at = [], self._text.find(text)
        while at >= 0:
            place = bisect.bisect_right(self._starts, at) - 1
            found.append(self._numbers[place])
            following = self._starts[place + 1] if place + 1 < len(self._starts) else len(self._text)
            at = self._text.find(text, following)
        return found

    def end_of(self, *texts):
        """The number of the last line that holds all the texts; -1 without one."""
        if texts not in self._ends:
            found = (number for number in self.holding(texts[0]) if all(text in self.lines[number] for text in texts))
            self._ends[texts] = max(found, default=-1)
        return self._ends[texts]

    def of_signature(self, signature):
        """Numbers of the last lines of the kinds that fit."""
        found = set()
        for text in signature.any_of:
            found.update(number for number in self.holding(text) if signature.fits(self.lines[number]))
        return sorted(found)

    def counted(self, numbers):
        """How many lines are of the kinds of these lines."""
        return sum(self.count[self.keys[number]] for number in numbers)

    def first_since(self, numbers, begin):
        """The first line from ``begin`` on that is of the kind of one of these."""
        kinds = set(self.keys[number] for number in numbers)
        return next((n for n in range(begin, max(numbers) + 1) if self.keys[n] in kinds), max(numbers))

    def time(self, number):
        """Time of a line, or of the closest one above it (lines of a traceback have none), or None."""
        for at in range(number, max(-1, number - TRACE_LINES), -1):
            when = self._moment(self.lines[at])
            if when is not None:
                return when
        return None

    def detail(self, number):
        """The end of a record that goes on below its first line: the last lines of an error output; None without."""
        told = []
        for line in self.lines[number + 1 : number + 1 + TRACE_LINES]:
            if self._moment(line) is not None:
                break
            if line.strip() and not line.startswith((b"[", b", duration=")):
                told.append(line.strip())
        return clean(b" | ".join(told[-MAX_DETAIL:])) if told else None


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
