# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What events and services of a Windows guest name as the causes of a run that failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..._engine._model import Evidence, Named
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from ..._signatures import EVENT, known
from . import _events, _last_run, _run_events
from ._services import exit_code

_NEEDED = {"VSS": "vss_service", "COMSysApp": "comsysapp", "MSDTC": "msdtc", "KeyIso": "keyiso"}
"""Services of a run, and the check of each."""
_NEVER_STARTED = 1077


def logged(state: WindowsState) -> Iterator[Named]:
    """What events near the time of a run that failed explain of it."""
    for name, row in known().items():
        if row["log"] == EVENT:
            found = _run_events.of_failed_run(state, row.get("kind", name))
            for evidence in _events.evidence([event for event in found if _tells(event, row)])[:1]:
                for symptom in row["explains"]:
                    yield Named(symptom, row["check"], evidence)
    yield from _ended_services(state)


def _ended_services(state: WindowsState) -> Iterator[Named]:
    """Services that a run needed which failed, and that the service manager says ended with an error."""
    services = state.get("services")
    if services is None or not _last_run.run_failed(state):
        return
    for name, check in _NEEDED.items():
        service, code = services.get(name), exit_code(state, name)
        if service is not None and service.state == "Stopped" and code not in (None, _NEVER_STARTED):
            yield Named("ext_status", check, Evidence(f"{name}: exit code", code))


def _tells(event: Facts, row: Mapping) -> bool:
    """Whether an event has one of the numbers of a row, and its data one of the texts; a row without takes any."""
    items = [str(item).lower() for item in event.get("data") or []]
    data, ids = " ".join(items), row.get("ids")
    if any(text.lower() in data for text in row.get("without", ())):
        return False
    return all(
        (
            ids is None or event.id in ids,
            "any" not in row or any(text.lower() in data for text in row["any"]),
            "items" not in row or any(text.lower() in items for text in row["items"]),
        )
    )
