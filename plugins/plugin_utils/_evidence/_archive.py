# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads evidence archives, which may come from anywhere: nothing is written, and what is read is bounded."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NoReturn

from ...module_utils._evidence.archive import KIND, MANIFEST, MIB, SCHEMA
from ...module_utils._evidence.work import MOST_MIB
from .._states import LIMIT

BESIDE = 64 * MIB
"""Bytes that an archive may have beside its limit: its manifest, and what the form of a last document adds."""

MAX_BYTES = MOST_MIB * MIB + BESIDE
MAX_MEMBERS = 20_000
MAX_DIRECTORY = MAX_MANIFEST = 16 << 20
_CHUNK = 1 << 20
_END = struct.Struct("<4s4H2LH")
_LARGE = struct.Struct("<4sQ2H2L4Q4sLQL")
"""What is before the end of a large archive: a record whose numbers count instead of the end's, and its place."""
_LOCATOR = 20
# A file's name has up to 255 characters, and what may tell it from another, such as ~2.
_MEMBER = re.compile(
    r"(?:files|journal|events|registry)(?:/[^/\\\x00-\x1f\x7f]{1,262})+|(?:about|state|findings|manifest)\.json"
)
_FAULTS = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)


class Archive:
    """An archive whose form was checked. Raises ValueError, with a full sentence, for any other file."""

    def __init__(self, path: str | os.PathLike):
        self.path = pathlib.Path(path)
        try:
            self._check_end()
            self._zip = zipfile.ZipFile(self.path)
            self._members = self._checked(self._zip.infolist())
            self.manifest = self._manifest()
        except _FAULTS as error:
            self._refuse(error)

    def document(self, name: str) -> dict | None:
        """What a document of the archive holds; None where it has none."""
        try:
            return json.loads(self._whole(f"{name}.json", LIMIT)) if f"{name}.json" in self._members else None
        except _FAULTS as error:
            self._refuse(error)

    def verify(self) -> None:
        """Compares each member with the manifest. Raises ValueError for the first one that differs."""
        try:
            listed = {entry["name"]: entry for entry in self.manifest["files"]}
            if set(listed) != set(self._members) - {MANIFEST}:
                raise ValueError("its members are not those of its manifest")
            for name, entry in listed.items():
                digest = hashlib.sha256()
                for chunk in self._chunks(name):
                    digest.update(chunk)
                if digest.hexdigest() != entry["sha256"]:
                    raise ValueError(f"'{name}' is not as its manifest says")
        except (*_FAULTS, KeyError, TypeError) as error:
            self._refuse(error)

    def _check_end(self) -> None:
        """Bounds what the reader of zip files takes into memory; an archive of ours has no comment."""
        info = self.path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise ValueError("it is not a regular file")
        if info.st_size > MAX_BYTES:
            raise ValueError(f"it is larger than {MAX_BYTES >> 30} GiB")
        with self.path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                raise ValueError("it is not an evidence archive")
            begin = max(0, info.st_size - _LARGE.size - _END.size)
            file.seek(begin)
            last = file.read(_LARGE.size + _END.size)
        place_of_end = max(0, len(last) - _END.size)
        large, tail = last[:place_of_end], last[place_of_end:]
        if len(tail) < _END.size or not tail.startswith(b"PK\x05\x06"):
            raise ValueError("it is truncated, or not an evidence archive")
        _mark, _disk, _first, _here, count, size, _offset, _comment = _END.unpack(tail)
        if large[-_LOCATOR:].startswith(b"PK\x06\x07"):
            mark, *_versions, count, size, _offset, _mark, _disk, place, _disks = _LARGE.unpack(large)
            if mark != b"PK\x06\x06" or place != begin:
                raise ValueError("it is truncated, or not an evidence archive")
        if count > MAX_MEMBERS or size > MAX_DIRECTORY:
            raise ValueError("it has too many members")

    def _checked(self, infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        total = end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            name = info.filename
            # What follows a zero byte in a name is not seen by everyone.
            if name != info.orig_filename or not _MEMBER.fullmatch(name) or {".", ".."} & set(name.split("/")):
                raise ValueError(f"it has a member with the name {_shown(info.orig_filename)}")
            if name in members:
                raise ValueError(f"it has '{name}' twice")
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG):
                raise ValueError(f"'{name}' is not a regular file")
            if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(f"'{name}' is packed in an unknown way")
            if info.header_offset < end:
                raise ValueError(f"'{name}' overlaps another member")
            end = info.header_offset + info.compress_size
            total += info.file_size
            members[name] = info
        if total > MAX_BYTES:
            raise ValueError(f"it unpacks to more than {MAX_BYTES >> 30} GiB")
        return members

    def _manifest(self) -> dict:
        if MANIFEST not in self._members:
            raise ValueError("it has no manifest")
        manifest = json.loads(self._whole(MANIFEST, MAX_MANIFEST))
        if not isinstance(manifest, dict) or manifest.get("kind") != KIND:
            raise ValueError("it is not an evidence archive")
        if manifest.get("schema") != SCHEMA:
            raise ValueError("another version of this collection made it")
        return manifest

    def _whole(self, name: str, limit: int) -> bytes:
        if self._members[name].file_size > limit:
            raise ValueError(f"'{name}' is larger than {limit >> 20} MiB")
        return b"".join(self._chunks(name))

    def _chunks(self, name: str) -> Iterator[bytes]:
        with self._zip.open(self._members[name]) as member:
            while chunk := member.read(_CHUNK):
                yield chunk

    def _refuse(self, error: BaseException) -> NoReturn:
        if isinstance(error, RecursionError):
            reason = "a document in it is nested too deeply"
        elif isinstance(error, OSError):
            reason = error.strerror or str(error)
        elif isinstance(error, (KeyError, TypeError)):
            reason = "its manifest does not have the expected form"
        else:
            reason = str(error) or "it is damaged"
        raise ValueError(f"Cannot read '{self.path}': {reason}") from None


def is_archive(path: pathlib.Path) -> bool:
    """Whether the file is one by its first bytes."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def _shown(name: str) -> str:
    return ascii(name if len(name) <= 100 else name[:100] + "...")
