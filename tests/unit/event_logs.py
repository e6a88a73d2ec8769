# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event logs of Windows for tests: a part of a real one (tests/windows/disk), and logs with the events of a test.

In an own log each record is a template without values to fill in; Windows uses a template for many records.
"""

import binascii
import datetime
import lzma
import pathlib
import struct

REAL = pathlib.Path(__file__).resolve().parents[1] / "windows/disk/System.evtx.xz"
BLOCK = 65536
_EPOCH = datetime.datetime(1601, 1, 1)


def real():
    """The System log of a Windows 10: 363 events of July 2017."""
    return lzma.decompress(REAL.read_bytes())


def log(*events, block=200):
    """A log of events ``(time, provider, id, data)``, so many in a block; ``data`` is text, or names with texts."""
    parts = [events[at : at + block] for at in range(0, len(events), block)]
    blocks = [_block(part, 1 + number * block) for number, part in enumerate(parts)]
    head = struct.pack(
        *("<8sQQQIHHHH", b"ElfFile\0", 0, max(0, len(blocks) - 1), len(events) + 1, 128, 1, 3, 4096, len(blocks))
    ).ljust(120, b"\0")
    return (head + struct.pack("<II", 0, binascii.crc32(head))).ljust(4096, b"\0") + b"".join(blocks)


def _block(events, first):
    body, start = b"", 512
    for number, event in enumerate(events, first):
        start = 512 + len(body)
        body += _record(number, start, *event)
    last = first + len(events) - 1
    head = struct.pack("<8sQQQQIII", b"ElfChnk\0", first, last, first, last, 128, start, 512 + len(body))
    head = (head + struct.pack("<I", binascii.crc32(body))).ljust(120, b"\0")
    names = bytes(512 - 128)
    head += struct.pack("<II", 0, binascii.crc32(head + names))
    assert len(body) <= BLOCK - 512
    return (head + names + body).ljust(BLOCK, b"\0")


def _record(number, place, time, provider, event_id, data):
    moment = datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ")
    ticks = int((moment - _EPOCH).total_seconds()) * 10_000_000
    values = data.items() if isinstance(data, dict) else [(None, text) for text in data]
    listed = [
        ("Binary", {}, text) if name == "Binary" else ("Data", {"Name": name} if name else {}, text)
        for name, text in values
    ]
    system = [
        ("Provider", {"Name": provider}, ""),
        ("EventID", {}, str(event_id)),
        ("TimeCreated", {"SystemTime": time.replace("Z", ".0000000Z")}, ""),
    ]
    tree = ("Event", {}, [("System", {}, system), ("EventData", {}, listed)])
    # A template of its own, with nothing to fill in.
    begin = place + 24 + 4 + 10
    fragment = b"\x0f\x01\x01\x00" + _element(tree, begin + 24 + 4) + b"\0"
    xml = b"\x0f\x01\x01\x00\x0c\x01" + struct.pack("<III", number, begin, 0)
    xml += struct.pack("<I", number) + bytes(12) + struct.pack("<I", len(fragment)) + fragment + bytes(4) + b"\0"
    size = 24 + len(xml) + 4
    size += -size % 8
    head = struct.pack("<4sIQQ", b"**\0\0", size, number, ticks)
    return (head + xml).ljust(size - 4, b"\0") + struct.pack("<I", size)


def _element(tree, place):
    """An element of binary XML at a place of its block: name, attributes and what is in it."""
    name, attributes, inner = tree
    begin = place + 11
    text = _name(name, begin)
    if attributes:
        begin += len(text)
        listed = b""
        for attribute, value in attributes.items():
            at = begin + len(listed)
            listed += b"\x06" + _name(attribute, at + 5) + _value(value)
        text += struct.pack("<I", len(listed)) + listed
    text += b"\x02"
    if isinstance(inner, str):
        text += _value(inner)
    else:
        for child in inner:
            text += _element(child, place + 7 + len(text))
    text += b"\x04"
    return struct.pack("<BHI", 0x41 if attributes else 0x01, 0xFFFF, len(text)) + text


def _name(name, place):
    """A name where it is used for the first time: its place, the next of the same hash (none), hash, text."""
    key = 0
    for letter in name:
        key = (key * 65599 + ord(letter)) & 0xFFFFFFFF
    return struct.pack("<IIHH", place, 0, key & 0xFFFF, len(name)) + f"{name}\0".encode("utf-16-le")


def _value(text):
    data = text.encode("utf-16-le")
    return b"\x05\x01" + struct.pack("<H", len(data) // 2) + data
