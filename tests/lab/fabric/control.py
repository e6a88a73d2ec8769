# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steers the running fabric by one file that it reads at each request, and reads what it recorded."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..files import get_json, put_json
from ..locking import locked

EVERYBODY = "*"


@dataclass(frozen=True)
class Fault:
    """One listener's wrong answer to requests whose path contains a text.

    Listeners are wire, hostplugin, imds and storage. The answer is an HTTP status, "hang" (silence for half a
    minute, then the end of the connection) or "reset".
    """

    listener: str
    path: str
    answer: int | str


@dataclass(frozen=True)
class Extension:
    """The backup extension in a host's goal state.

    States are enabled, disabled and uninstall. The behaviour of its enable command is success, stuck (never ends),
    failure (error status), crash (exit status 1 and no status), silent (exit status 0 and no status) or greedy (it
    gets no memory).
    """

    state: str = "enabled"
    behaviour: str = "success"
    sequence: int = 0


class Fabric:
    """What the fabric answers to each guest, and what the guests asked."""

    def __init__(self, run: Path):
        self.run = run

    @property
    def log(self) -> Path:
        return self.run / "requests.jsonl"

    def fail(self, listener: str, path: str, answer: int | str, address: str = EVERYBODY) -> None:
        """Add a fault for one guest's address, or for all."""

        def add(entry: dict[str, Any]) -> None:
            entry.setdefault("faults", []).append(asdict(Fault(listener, path, answer)))

        self._change(address, add)

    def heal(self, address: str = EVERYBODY) -> None:
        """Take back the faults of one guest's address, or those for all."""
        self._change(address, lambda entry: entry.pop("faults", None))

    def shift_clock(self, seconds: int, address: str = EVERYBODY) -> None:
        """Let the Date header of every answer differ from the guest's clock by so many seconds."""
        self._change(address, lambda entry: entry.update(clock_offset=seconds))

    def set_extension(self, extension: Extension | None, address: str = EVERYBODY) -> None:
        """Put the backup extension into the goal state (None: no extension) and publish it."""

        def put(entry: dict[str, Any]) -> None:
            entry["extension"] = asdict(extension) if extension else None
            _bump(entry)

        self._change(address, put)

    def publish(self, address: str = EVERYBODY) -> None:
        """Publish the goal state anew, as Azure does for any change of the machine."""
        self._change(address, _bump)

    def requests(
        self, address: str | None = None, listener: str | None = None, path: str = "", since: float = 0
    ) -> list[dict[str, Any]]:
        """The recorded requests: one guest's, one listener's, with a text in the path, since a time (epoch)."""
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [
            entry
            for entry in map(json.loads, lines)
            if address in (None, entry["source"])
            and listener in (None, entry["listener"])
            and path in entry["path"]
            and entry["time"] >= since
        ]

    def status(self, address: str) -> dict[str, Any] | None:
        """The aggregate status that the guest's agent reported last, with the time of its arrival, or None."""
        return get_json(self.run / "status" / f"{address}.json", None)

    def handler_status(self, address: str, name: str) -> dict[str, Any] | None:
        """One handler's entry in the reported status, or None while the agent reports none."""
        status = self.status(address) or {}
        handlers = status.get("aggregateStatus", {}).get("handlerAggregateStatus", [])
        return next((entry for entry in handlers if entry.get("handlerName") == name), None)

    def forget(self, address: str) -> None:
        """Drop what was set for and reported by a guest that is gone."""
        self._change(address, lambda entry: entry.clear())
        (self.run / "status" / f"{address}.json").unlink(missing_ok=True)

    def _change(self, address: str, edit: Any) -> None:
        settings = self.run / "settings.json"
        with locked(self.run / "settings.lock"):
            table = get_json(settings, {})
            edit(table.setdefault(address, {}))
            put_json(settings, table)


def _bump(entry: dict[str, Any]) -> None:
    # Seconds since the epoch grow for every guest, whether it follows its own entry or everybody's.
    entry["incarnation"] = max(int(time.time()), entry.get("incarnation", 1) + 1)
