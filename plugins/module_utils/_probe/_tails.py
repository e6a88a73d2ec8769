# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""The end of a log that is rotated: a fresh file is continued by the end of the one before it, packed or not."""

import re
import zlib

FRESH = 16 << 10
"""A log smaller than this was rotated lately: the end of the one before belongs to the picture."""

MAX_UNPACKED = 8 << 20
MAX_PACKED = 2 << 20


def end(host, path, limit):
    """The last bytes of a log; None when there is none."""
    info = host.stat(path)
    if info is None:
        return None
    data = host.read(path, limit, tail=True) or b""
    return _before(host, path, limit // 4) + data if info.st_size < FRESH else data


def _before(host, path, limit):
    folder, name = path.rsplit("/", 1)
    pattern = re.compile(re.escape(name) + r"[-.](\d+)(\.gz)?\Z")
    rotated = [match for match in map(pattern.match, host.names(folder)) if match]
    if not rotated:
        return b""
    # Numbers count from the newest file, dates from the oldest one.
    newest = min(rotated, key=lambda match: int(match.group(1)) if len(match.group(1)) < 8 else -int(match.group(1)))
    older = "{0}/{1}".format(folder, newest.group())
    if newest.group(2):
        return _unpacked(host.read(older, MAX_PACKED) or b"", limit)
    return host.read(older, limit, tail=True) or b""


def _unpacked(data, limit):
    """The last bytes of what a gzip file holds, as far as it can be read."""
    unpacker, last, total = zlib.decompressobj(31), b"", 0
    try:
        while data and total < MAX_UNPACKED:
            piece = unpacker.decompress(data, 1 << 18)
            total += len(piece)
            last = (last + piece)[-limit:]
            data = unpacker.unconsumed_tail
    except zlib.error:
        pass
    return last
