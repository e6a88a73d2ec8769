# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads and writes Windows' binary proxy settings, ``WinHttpSettings`` and ``DefaultConnectionSettings`` (WinINET).

Both are little endian: size or version, counter, flags, then strings of one byte a character, each after its length.
"""

from __future__ import annotations

import dataclasses
import struct

from ._proxy_text import bypasses, servers

WINHTTP_CLASSIC, WINHTTP_NEWER, WININET = 0x18, 0x28, 0x46
DIRECT, MANUAL, SCRIPT, DETECT = 1, 2, 4, 8


@dataclasses.dataclass(frozen=True)
class Settings:
    """Proxy settings. ``problem`` says why a blob gave less than it should; such a blob counts as direct."""

    proxy: str = ""
    bypass: str = ""
    script: str = ""
    flags: int = DIRECT
    header: int = WINHTTP_CLASSIC
    counter: int = 0
    problem: str = ""

    @property
    def active(self) -> bool:
        """A proxy is named and switched on."""
        return bool(self.flags & MANUAL and self.proxy)

    def bypasses(self, host: str) -> bool:
        """Whether programs that follow these settings reach ``host`` directly."""
        return not self.active or bypasses(self.bypass, host)

    def servers(self, scheme: str | None = None) -> list[tuple[str, int]]:
        """The proxies as ``(host, port)``, those for one scheme (``http``, ``https``) or all."""
        return servers(self.proxy, scheme) if self.active else []


def decode(data: bytes) -> Settings:
    """``WinHttpSettings``. Never raises: what cannot be read is direct access, as it is for Windows."""
    return _decode(data, (WINHTTP_CLASSIC, WINHTTP_NEWER), strings=2)


def decode_wininet(data: bytes) -> Settings:
    """``DefaultConnectionSettings`` or ``SavedLegacySettings``. Never raises."""
    return _decode(data, (WININET,), strings=3)


def encode(settings: Settings) -> bytes:
    """The blob of ``settings``; its header decides the form. Raises ValueError for text that is not Latin-1."""
    texts = [settings.proxy, settings.bypass] + ([settings.script] if settings.header == WININET else [])
    try:
        parts = [text.encode("latin-1") for text in texts]
    except UnicodeEncodeError as error:
        raise ValueError(f"Cannot encode '{error.object}': only Latin-1 characters fit") from error
    blob = struct.pack("<III", settings.header, settings.counter, settings.flags)
    blob += b"".join(struct.pack("<I", len(part)) + part for part in parts)
    return blob + bytes(32 if settings.header == WININET else 0)


def _decode(data: bytes, headers: tuple[int, ...], strings: int) -> Settings:
    if len(data) < 12:
        return Settings(problem=f"{len(data)} bytes are too short")
    header, counter, flags = struct.unpack_from("<III", data)
    texts, offset, problem = [], 12, "" if header in headers else f"unknown form {header:#x}"
    for _string in range(strings):
        if offset + 4 > len(data):
            problem = problem or "it ends before its last text"
            break
        (length,) = struct.unpack_from("<I", data, offset)
        offset += 4
        if length > len(data) - offset:
            problem = problem or f"a text of {length} bytes does not fit"
            break
        texts.append(data[offset : offset + length].split(b"\0")[0].decode("latin-1"))
        offset += length
    if not texts:
        flags = DIRECT
    proxy, bypass, script = (*texts, "", "", "")[:3]
    return Settings(proxy, bypass, script, flags=flags, header=header, counter=counter, problem=problem)
