# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Passes one package request on to its source and streams the answer back unchanged."""

from __future__ import annotations

import socket
from email.message import Message
from io import BufferedIOBase
from urllib.parse import SplitResult

_PASSED_ON = ("If-Modified-Since", "If-Range", "Range", "User-Agent", "Cache-Control")


def fetch(method: str, url: SplitResult, headers: Message, client: BufferedIOBase) -> int:
    """Bytes streamed. An OSError means that the source was not reached and nothing was streamed."""
    target = url.path + (f"?{url.query}" if url.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {url.hostname}", "Connection: close"]
    lines += [f"{name}: {headers[name]}" for name in _PASSED_ON if name in headers]
    with socket.create_connection((url.hostname or "", 80), 20) as source:
        source.sendall("\r\n".join([*lines, "", ""]).encode())
        size = 0
        while chunk := source.recv(65536):
            client.write(chunk)
            size += len(chunk)
    return size
