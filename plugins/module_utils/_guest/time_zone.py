# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The guest's local time, by the table of its zone (RFC 8536): what it is ahead of UTC."""

import bisect
import struct

from .host import Missing

PATH = "/etc/localtime"
UNIVERSAL = ("UTC", "Etc/UTC", "UCT", "Universal", "Zulu", "GMT")
HEAD = struct.Struct(">4sc15x6L")


class Zone(object):
    """``changes``: ``[(local time as if it were UTC, seconds ahead of UTC from then on)]``; ``rule``: what follows."""

    def __init__(self, changes, first, rule):
        self._from, self._ahead = [when for when, _ahead in changes], [first] + [ahead for _when, ahead in changes]
        # With a comma, summer times go on after the last change.
        self._ends = b"," not in rule

    def ahead(self, local):
        """Seconds ahead of UTC at a local time; None where only the rule would tell."""
        place = bisect.bisect_right(self._from, local)
        return self._ahead[place] if self._ends or place < len(self._from) else None


def read(host):
    """The guest's Zone; None where it is not known: a tree may hold the name of a zone without its table."""
    try:
        data = host.read(PATH)
        if data is not None:
            return parse(data)
    except (Missing, ValueError, IndexError, struct.error):
        data = b""
    link = host.link(PATH)
    if link is None:
        return Zone([], 0, b"") if data is None else None
    return Zone([], 0, b"") if link.partition("zoneinfo/")[2] in UNIVERSAL else None


def parse(data):
    """The table that counts: the second, of long times."""
    magic, version, utc, std, leaps, times, kinds, letters = HEAD.unpack_from(data)
    if magic != b"TZif" or version < b"2":
        raise ValueError("no table of long times")
    begin = HEAD.size + times * 5 + kinds * 6 + letters + leaps * 8 + std + utc
    _magic, _version, utc, std, leaps, times, kinds, letters = HEAD.unpack_from(data, begin)
    begin += HEAD.size
    whens = struct.unpack_from(">{0}q".format(times), data, begin)
    indexes = struct.unpack_from(">{0}B".format(times), data, begin + times * 8)
    begin += times * 9
    aheads = [struct.unpack_from(">l", data, begin + 6 * number)[0] for number in range(kinds)]
    rule = data[begin + kinds * 6 + letters + leaps * 12 + std + utc :].strip(b"\n")
    changes = [(when + aheads[index], aheads[index]) for when, index in zip(whens, indexes)]
    return Zone(changes, aheads[0], rule)
