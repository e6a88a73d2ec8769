# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts of Windows' proxy settings: the list of proxies, and that of the hosts that need none."""

from __future__ import annotations

import fnmatch
import ipaddress
import re


def servers(text: str, scheme: str | None = None) -> list[tuple[str, int]]:
    """The proxies named by ``host:port``, ``http=a:1;https=b:2`` or URLs, as ``(host, port)`` without repetition."""
    found = []
    for part in _parts(text):
        kind, mark, server = part.rpartition("=")
        if mark and scheme and kind.lower() != scheme:
            continue
        match = re.fullmatch(
            r"(?:[a-z]+://)?(?:[^@/]*@)?(\[[0-9a-f:.]+\]|[^:/@\[\]]+)(?::(\d{1,5}))?/?.*", server, re.I
        )
        if match and 0 < int(match[2] or 80) < 65536:
            end = (match[1].strip("[]"), int(match[2] or 80))
            if end not in found:
                found.append(end)
    return found


def has_rest(text: str) -> bool:
    """A proxy has a path or a user name beside scheme, host and port, which WinHTTP does not take."""
    return any("@" in part or "/" in re.sub(r"^(?:[a-z]+=)?(?:[a-z]+://)?", "", part.lower()) for part in _parts(text))


def _parts(text: str) -> list[str]:
    return re.split(r"[;\s]+", text.strip())


def bypasses(text: str, host: str) -> bool:
    """Whether a bypass list names ``host``. ``<local>`` is every name without a dot; ``*`` stands for anything.

    Semicolons and blanks part its entries; Windows reads a comma as part of one.
    """
    host = host.lower()
    for entry in re.split(r"[;\s]+", text.lower()):
        entry = re.sub(r"^[a-z]+://|:\d+$", "", entry)
        if entry == "<local>":
            if "." not in host and ":" not in host:
                return True
        elif entry and (entry == host or fnmatch.fnmatchcase(host, entry.replace("[", "[[]")) or _inside(host, entry)):
            return True
    return False


def _inside(host: str, entry: str) -> bool:
    try:
        return "/" in entry and ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
