# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What logs and events of a Windows guest say, and when: an old error is history, not a state."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import WindowsState

AGENT_CRASHED = r"^(?:[^\s:]+\s*:\s*)?(?:WaAppAgent|WindowsAzureGuestAgent)\.exe\b"
"""Data of a crash of the agent. Its program stands first, behind one word of .NET; others may name it further on."""

_FORMS = (
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%fZ",
    "%m/%d/%Y %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
)
_STAMP = re.compile(r"(\d{2}/\d{2}/\d{4} \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}Z?)")


def moment(text: object) -> datetime.datetime | None:
    """A point in time (UTC) in one of the forms that Windows guests write, else None. Year 1 is no time in .NET."""
    for form in _FORMS:
        try:
            found = datetime.datetime.strptime(str(text), form)
        except ValueError:
            continue
        return found if found.year > 1 else None
    stamp = _STAMP.search(str(text))
    return moment(stamp[1]) if stamp and stamp[1] != text else None


def minutes_before_capture(state: WindowsState, text: object) -> float | None:
    """How long before the probe something was, by the guest's own clock; None when that cannot be told."""
    then, now = moment(text), moment(state.get("captured"))
    return (now - then).total_seconds() / 60 if then and now else None


def within_a_day(state: WindowsState, text: object) -> bool:
    """Whether something was in the day before the probe."""
    minutes = minutes_before_capture(state, text)
    return minutes is not None and minutes <= 24 * 60


def lines(
    log: Facts | None,
    pattern: str,
    healed_by: str | None = None,
    boot: object = None,
    after: datetime.datetime | None = None,
) -> list[Evidence]:
    """Lines of a log that match and that nothing healed later: no later line of success that the probe keeps, no boot.

    ``after``: older lines do not count; one without a time does.
    """
    if log is None:
        return []
    found: list[Evidence] = []
    for line in log.get("lines") or []:
        if healed_by and re.search(healed_by, line, re.I):
            found = []
        elif re.search(pattern, line, re.I) and (after is None or (moment(line) or datetime.datetime.max) > after):
            found.append(Evidence(str(log.get("path")), line))
    started = moment(boot)
    last = moment(log.get("last")) if started else None
    if started and last and last >= started:
        found = [item for item in found if (moment(item.value) or started) >= started]
    return found


def in_agent_log(
    state: WindowsState, pattern: str, healed_by: str | None = None, after: datetime.datetime | None = None
) -> list[Evidence]:
    """Lines of WaAppAgent.log, see ``lines``."""
    return lines(state.agent.get("log"), pattern, healed_by, state.get("identity", {}).get("boot_time"), after)


def events(state: WindowsState, kind: str, *ids: int, pattern: str = "") -> list[Facts]:
    """Events of one kind since the last boot, newest first, whose data match. A log that could not be read has none."""
    log = state.get("events")
    found = (log.get(kind) if log is not None else None) or []
    boot = moment(state.get("identity", {}).get("boot_time"))
    return [
        event
        for event in found
        if (not ids or event.id in ids)
        and (boot is None or (moment(event.get("time")) or boot) >= boot)
        and re.search(pattern, " ".join(map(str, event.get("data") or [])), re.I)
    ]


def need(state: WindowsState, *paths: str) -> None:
    """Raises for facts without which it means nothing that nothing was found."""
    for path in paths:
        state.find(path)


def evidence(found: Iterable[Facts]) -> list[Evidence]:
    """Events as evidence, the newest three."""
    return [
        Evidence(
            f"event {event.get('provider')} {event.id}",
            f"{event.get('time')}: " + "; ".join(event.get("data") or [])[:300],
        )
        for event in list(found)[:3]
    ]
