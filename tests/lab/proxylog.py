# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads tinyproxy's log: which guest asked the proxy for what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CONNECT = re.compile(r"Connect \(file descriptor (?P<fd>\d+)\): (?P<source>\S+)")
_REQUEST = re.compile(r"Request \(file descriptor (?P<fd>\d+)\): (?P<method>\S+) (?P<target>\S+)")


@dataclass(frozen=True)
class ProxyRequest:
    """One request as the proxy logged it."""

    source: str
    method: str
    target: str


class ProxyLog:
    """The log of one of the lab's proxies."""

    def __init__(self, path: Path):
        self.path = path

    def requests(self, source: str | None = None) -> list[ProxyRequest]:
        """The requests so far, of one guest's address or of all."""
        return [entry for entry in self._entries() if source in (None, entry.source)]

    def _entries(self) -> Iterator[ProxyRequest]:
        if not self.path.exists():
            return
        sources: dict[str, str] = {}
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            if found := _CONNECT.search(line):
                sources[found["fd"]] = found["source"]
            elif found := _REQUEST.search(line):
                yield ProxyRequest(sources.get(found["fd"], ""), found["method"], found["target"])
