# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registry hives of a mounted Windows disk, read by regipy, with their transaction logs applied."""

from __future__ import annotations

import base64
import datetime
import io
import os
import struct
from typing import Any

from ...module_utils._guest.host import Missing
from ._tree import Tree

try:
    from regipy import recovery, registry

    REGIPY_ERROR: ImportError | None = None
except ImportError as error:
    REGIPY_ERROR = error

LARGEST = 1 << 30
_BASE = 4096
"""Bytes of a hive before its bins."""
_KEPT_IN_HEAD = 1 << 31
"""The flag in the size of a value that has no data elsewhere."""
_LOG_BASE = 512
_EPOCH = datetime.datetime(1601, 1, 1)
_HEADER = 40
"""Bytes of the head of a block in a transaction log."""
_HASHED = 32
"""Those that the second sum of a block is of; the first is of all that follows its head."""
_SEED = 0x7A4E55C5, 0x82EF4D88
"""The halves, the lower one first, from which the registry begins its sums."""
_WORD = (1 << 32) - 1


class _Stream(io.BytesIO):
    """The bytes of a hive. regipy reads a value that is kept in its own head as if it were 2 GiB long."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(0 if size is not None and size >= _KEPT_IN_HEAD else size)


class Hive:
    """A hive: keys by their path below its root, without regard to letter case."""

    def __init__(self, tree: Tree, path: str, folder: str) -> None:
        """``folder``: where copies may be written."""
        self.path = tree.find(path)
        if REGIPY_ERROR:
            raise ValueError(
                f"Cannot read '{self.path or path}': the Python package regipy is not installed on the controller; "
                f"run 'python3 -m pip install regipy' ({REGIPY_ERROR})"
            )
        data = tree.data(path, LARGEST)
        if data is None or data[:4] != b"regf" or len(data) < _BASE:
            raise ValueError(f"Cannot read '{self.path or path}': it is not a registry hive")
        first, second = struct.unpack_from("<II", data, 4)
        self.dirty = first != second
        self.written = _moment(data)
        """When the system last wrote it; None if it does not say."""
        self.applied: list[str] = []
        self._root = self._load(tree, path, data, second, folder)
        self._below: dict[int, dict[str, Any]] = {}

    def _load(self, tree: Tree, path: str, data: bytes, sequence: int, folder: str) -> Any:
        copy, restored = os.path.join(folder, "hive"), os.path.join(folder, "restored")
        _write(copy, data)
        try:
            for name, log in _logs(tree, path, sequence) if self.dirty else ():
                one = os.path.join(folder, "log")
                _write(one, log)
                _extend(copy, log)
                recovery.apply_transaction_logs(copy, one, restored_hive_path=restored)
                os.replace(restored, copy)
                self.applied.append(name)
            root = registry.RegistryHive(copy).root
            root._stream = _Stream(root._stream.getvalue())  # keys below it take it over
            return root
        except Exception as error:  # pylint: disable=broad-except  # whatever a damaged file makes of its parser
            raise ValueError(f"Cannot read '{self.path}': the hive is damaged ({type(error).__name__})") from None

    def key(self, path: str) -> Any:
        """A key of regipy; None if it does not exist."""
        key = self._root
        for part in path.split("\\") if path else ():
            key = self._keys(key).get(part.lower())
            if key is None:
                return None
        return key

    def names(self, path: str) -> list[str]:
        """The names of the keys below a key; none if it does not exist."""
        key = self.key(path)
        return [below.name for below in self._keys(key).values()] if key is not None else []

    def values(self, path: str) -> dict[str, dict] | None:
        """The values of a key as the guest state has them: name, type, data; binary data as base64."""
        key = self.key(path)
        if key is None:
            return None
        try:
            # regipy stops at a value that it cannot read, without a word.
            values = _whole(list(key.iter_values(trim_values=False)), key.values_count)
        except Exception as error:  # pylint: disable=broad-except
            raise self._damaged(error) from None
        return {
            "" if value.name == "(default)" else value.name: {
                "type": str(value.value_type),
                "value": base64.b64encode(value.value).decode("ascii")
                if isinstance(value.value, bytes)
                else value.value,
            }
            for value in values
        }

    def _keys(self, key: Any) -> dict[str, Any]:
        # Each list of keys is parsed once: those of services and products are long.
        if id(key) not in self._below:
            try:
                keys = _whole(list(key.iter_subkeys()), key.subkey_count)
                self._below[id(key)] = {below.name.lower(): below for below in keys}
            except Exception as error:  # pylint: disable=broad-except
                raise self._damaged(error) from None
        return self._below[id(key)]

    def _damaged(self, error: Exception) -> Missing:
        return Missing(f"Cannot read '{self.path}': the hive is damaged ({type(error).__name__})")


def _whole(found: list, count: int) -> list:
    if len(found) != count:
        raise ValueError
    return found


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)


def _moment(data: bytes) -> datetime.datetime | None:
    (ticks,) = struct.unpack_from("<Q", data, 12)
    try:
        moment = _EPOCH + datetime.timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return moment if ticks else None


def _extend(path: str, log: bytes) -> None:
    """Makes room for the bins that a log adds to the end of a hive: regipy writes no further than the file's end."""
    if log[_LOG_BASE : _LOG_BASE + 4] != b"HvLE":
        return
    sizes, offset = [0], _LOG_BASE
    while offset + _HEADER <= len(log):
        (size,), (bins,) = (struct.unpack_from("<I", log, offset + at) for at in (4, 16))
        sizes.append(bins)
        offset += size
    with open(path, "r+b") as file:
        length = file.seek(0, os.SEEK_END)
        # What is new is in the log itself.
        file.truncate(max(length, min(_BASE + max(sizes), length + len(log))))


def _logs(tree: Tree, path: str, sequence: int) -> list[tuple[str, bytes]]:
    """The transaction logs that continue a hive whose last complete write is ``sequence``, oldest first.

    Those of the form before Windows 8.1 are left out: regipy misplaces their pages in all but small hives.
    """
    name = os.path.basename(path.replace("\\", "/"))
    found = []
    for ending in (".LOG1", ".LOG2"):
        data = tree.data(path + ending, LARGEST) or b""
        if data[_LOG_BASE : _LOG_BASE + 4] == b"HvLE":
            found.append((struct.unpack_from("<I", data, _LOG_BASE + 12)[0], ending, data))
    logs = []
    for first, ending, data in sorted(found):
        start, end, following = _following(data, first, sequence)
        if start < end:
            logs.append((name + ending, data[:_LOG_BASE] + data[start:end]))
            sequence = following
    return logs


def _following(log: bytes, number: int, sequence: int) -> tuple[int, int, int]:
    """Where the blocks of ``sequence`` and later, in a row from ``number``, begin and end, and the number after them.

    Windows applies all that are not older than the hive; what comes after the last of a row is of earlier times, or was
    not written to its end.
    """
    start = end = _LOG_BASE
    while end + _HEADER <= len(log):
        signature, size, _flags, found = struct.unpack_from("<4sIII", log, end)
        if signature != b"HvLE" or found != number or not _HEADER <= size <= len(log) - end:
            break
        if number >= sequence and not _is_sound(log[end : end + size]):
            break
        end += size
        if number < sequence:
            start = end
        number += 1
    return start, end, number


def _is_sound(block: bytes) -> bool:
    sum_of_body, sum_of_head = struct.unpack_from("<QQ", block, _HASHED - 8)
    return _marvin32(block[:_HASHED]) == sum_of_head and _marvin32(block[_HEADER:]) == sum_of_body


def _marvin32(data: bytes) -> int:
    """The sum that the registry keeps of its logs. ``data``: whole words of 32 bits."""
    low, high = _SEED
    for (word,) in struct.iter_unpack("<I", data + b"\x80\0\0\0" + bytes(4)):
        low = (low + word) & _WORD
        high ^= low
        low = ((low << 20 | low >> 12) + high) & _WORD
        high = ((high << 9 | high >> 23) & _WORD) ^ low
        low = ((low << 27 | low >> 5) + high) & _WORD
        high = (high << 19 | high >> 13) & _WORD
    return high << 32 | low
