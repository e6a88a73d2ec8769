# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of a mounted Windows disk, by paths of Windows without the drive. Links are never followed."""

from __future__ import annotations

import datetime
import os
import re
import stat
from typing import BinaryIO

from ...module_utils._guest.host import NEEDS_ROOT, Missing

MAX_ENTRIES = 10_000
_LARGEST_EXECUTABLE = 32 << 20
_SHORT = re.compile(r"~\d")
"""Of a name as MS-DOS has it, such as PROGRA~1."""
_VERSION = re.compile(
    b"".join(bytes((letter, 0)) for letter in b"ProductVersion") + rb"(?:\0\0)+((?:[\x20-\x7e]\0){1,64})\0\0"
)


class Tree:
    """Reads below a root; letter case does not matter, as on Windows."""

    def __init__(self, root: str) -> None:
        self.root = root

    def find(self, path: str) -> str | None:
        """Where a file or folder is here; None if it does not exist. Raises Missing for links."""
        here = self.root
        for part in path.split("\\") if path else ():
            entry = self._entry(here, part)
            if entry is None:
                return None
            if entry.is_symlink():
                raise Missing(f"Cannot read '{entry.path}': it is a link, or compressed as this mount cannot read it")
            here = entry.path
        return here

    def folder(self, path: str) -> list[os.DirEntry]:
        """The entries of a folder by name; none if it does not exist."""
        here = self.find(path)
        return sorted(self._entries(here), key=lambda entry: entry.name) if here and os.path.isdir(here) else []

    def is_file(self, path: str) -> bool:
        """Whether a file of this name exists. What Windows compressed, a mount shows as a link."""
        folder, _mark, name = path.rpartition("\\")
        here = self.find(folder)
        entry = self._entry(here, name) if here else None
        return entry is not None and (entry.is_file(follow_symlinks=False) or entry.is_symlink())

    def newest(self, path: str, pattern: str) -> os.DirEntry | None:
        """The entry of a folder that changed last among those whose names match."""
        found = [entry for entry in self.folder(path) if re.search(pattern, entry.name, re.I)]
        return max(found, key=lambda entry: entry.stat(follow_symlinks=False).st_mtime, default=None)

    def data(self, path: str, limit: int) -> bytes | None:
        """The last ``limit`` bytes of a file; None if it does not exist."""
        here = self.find(path)
        if here is None:
            return None
        with self.open(here) as stream:
            try:
                stream.seek(max(0, os.fstat(stream.fileno()).st_size - limit))
                return stream.read(limit)
            except OSError as error:
                raise _missing(here, error) from None

    @staticmethod
    def open(here: str) -> BinaryIO:
        """A regular file that ``find`` found, for reading."""
        try:
            file = os.open(here, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            if stat.S_ISREG(os.fstat(file).st_mode):
                return open(file, "rb")
            os.close(file)
        except OSError as error:
            raise _missing(here, error) from None
        raise Missing(f"Cannot read '{here}': it is not a regular file")

    def text(self, path: str, limit: int = 262_144) -> str | None:
        data = self.data(path, limit)
        if data is None:
            return None
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return data.decode(encoding, errors="replace").replace("\0", "")

    def version(self, path: str) -> str | None:
        """The product version in the resources of an executable; None if the file does not exist."""
        data = self.data(path, _LARGEST_EXECUTABLE)
        if data is None:
            return None
        found = _VERSION.search(data)
        if found is None:
            raise Missing(f"Cannot read the version of '{self.find(path)}': it has none")
        return found[1].decode("utf-16-le").strip()

    def _entry(self, here: str, name: str) -> os.DirEntry | None:
        entries = self._entries(here)
        found = next((one for one in entries if one.name.lower() == name.lower()), None)
        if found is None and len(entries) == MAX_ENTRIES:
            raise Missing(f"Cannot find '{name}' in '{here}': it has more than {MAX_ENTRIES:,} entries")
        if found is None and _SHORT.search(name):
            raise Missing(f"Cannot find '{name}' in '{here}': a mounted disk does not tell short names")
        return found

    @staticmethod
    def _entries(here: str) -> list[os.DirEntry]:
        try:
            with os.scandir(here) as entries:
                return [entry for entry, _count in zip(entries, range(MAX_ENTRIES), strict=False)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise _missing(here, error) from None


def modified(entry: os.DirEntry) -> str:
    """When an entry changed last, as the guest state has it."""
    when = entry.stat(follow_symlinks=False).st_mtime
    return datetime.datetime.fromtimestamp(when, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _missing(here: str, error: OSError) -> Missing:
    if isinstance(error, PermissionError):
        return Missing(NEEDS_ROOT)
    return Missing(f"Cannot read '{here}': {error.strerror or error}")
