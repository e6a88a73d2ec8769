# Copyright: (c) 2026, vmbackup.azure contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt)
# SPDX-License-Identifier: BSD-2-Clause
"""A file as pieces of text: its newest part, unpacked, in bounded memory."""

import bz2
import gzip
import lzma
import os
import stat

CHUNK = 64 << 10
LONGEST_LINE = 1 << 20
MOST_UNPACKED = 1 << 30
PACKERS: dict = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}


class Binary(Exception):
    """The file is no text."""


class Source(object):
    """The last ``limit`` bytes of a file. ``first``: the offset that was begun at, ``size``: all bytes, unpacked.

    ``top``: a folder on its way, below which no link is followed.
    """

    def __init__(self, path, limit, top):
        ending = os.path.splitext(path)[1]
        self.packed = ending if ending in PACKERS else ""
        handle = _opened(path, top)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(0, "not a regular file")
            self._file = os.fdopen(handle, "rb")
        except OSError:
            os.close(handle)
            raise
        self.size = self._unpacked_size() if self.packed else os.fstat(handle).st_size
        self.first = max(0, self.size - limit)
        self._left = self.size - self.first

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._file.close()

    def _unpacked_size(self):
        """Unpacks once to know where the newest part begins; what is packed does not say its size reliably."""
        size = 0
        with PACKERS[self.packed](self._file) as stream:
            while size < MOST_UNPACKED:
                chunk = stream.read(CHUNK)
                if not chunk:
                    break
                size += len(chunk)
        self._file.seek(0)
        return size

    def bytes(self):
        """The newest part as it is, in chunks; no more than there was at the beginning, though a log may grow."""
        stream = PACKERS[self.packed](self._file) if self.packed else self._file
        skip = self.first if self.packed else 0
        if not self.packed:
            stream.seek(self.first)
        while self._left:
            chunk = stream.read(CHUNK)
            if not chunk:
                return
            if skip >= len(chunk):
                skip -= len(chunk)
                continue
            chunk = chunk[skip : skip + self._left]
            skip = 0
            self._left -= len(chunk)
            yield chunk

    def text(self):
        """The newest part as text of whole lines; a first line that is not whole is left away. Raises Binary."""
        rest, cut, skipping = b"", self.first > 0, False
        for chunk in self.bytes():
            # A power failure leaves zeros in a log; and without them UTF-16 is as readable as it needs to be.
            chunk = chunk.replace(b"\0", b"")
            if _is_binary(chunk):
                raise Binary()
            head, mark, tail = chunk.rpartition(b"\n")
            if not mark:
                if not skipping and not cut:
                    rest += tail
                    if len(rest) > LONGEST_LINE:
                        yield rest.decode("utf-8", "replace") + " ...\n"
                        rest, skipping = b"", True
                continue
            if cut or skipping:
                head = head.partition(b"\n")[2] if b"\n" in head else b""
                cut = skipping = False
                whole = head + mark if head else b""
            else:
                whole = rest + head + mark
            rest = tail
            if whole:
                yield whole.decode("utf-8", "replace")
        if rest and not cut and not skipping:
            yield rest.decode("utf-8", "replace")


def _opened(path, top):
    """A descriptor. A link in the place of a log or its folder would bring any file of the guest into the archive."""
    folder = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        *middle, name = os.path.relpath(path, top).split("/")
        for each in middle:
            below = os.open(each, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            os.close(folder)
            folder = below
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        return os.open(name, flags, dir_fd=folder)
    finally:
        os.close(folder)


def _is_binary(chunk):
    strange = len(chunk.translate(None, _PLAIN))
    return strange > len(chunk) * 0.1


_PLAIN = bytes(range(32, 256)) + b"\t\n\r\f\x1b"
