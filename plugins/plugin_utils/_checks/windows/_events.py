# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the event logs of a Windows guest say since its last boot."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from ._times import booted, not_before

_OF_AGENT = r"^(?:[^\s:]+\s*:\s*)?(?:WaAppAgent|WindowsAzureGuestAgent)\.exe\b"
"""Data of a crash of the agent. Its program stands first, behind one word of .NET; others may name it further on."""


def recorded(state: WindowsState, kind: str) -> list[Facts]:
    """All events of one kind, newest first. A log that could not be read has none."""
    log = state.get("events")
    return (log.get(kind) if log is not None else None) or []


def since_boot(state: WindowsState, kind: str, *ids: int, pattern: str = "") -> list[Facts]:
    """Events of one kind since the last boot, newest first, whose data match."""
    boot = booted(state)
    return [
        event
        for event in recorded(state, kind)
        if (not ids or event.id in ids)
        and not_before(event.get("time"), boot)
        and re.search(pattern, " ".join(map(str, event.get("data") or [])), re.I)
    ]


def crashes_of_agent(state: WindowsState, kind: str) -> list[Facts]:
    """Crashes of one kind since the last boot that were the agent's."""
    return since_boot(state, kind, pattern=_OF_AGENT)


def evidence(found: Iterable[Facts]) -> list[Evidence]:
    """Events as evidence, the newest three."""
    return [
        Evidence(
            f"event {event.get('provider')} {event.id}",
            f"{event.get('time')}: " + "; ".join(event.get("data") or [])[:300],
        )
        for event in list(found)[:3]
    ]
