# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of a Windows guest: what the extension, the agent, their logs and events say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ..._engine._model import Evidence, Named
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from ..._signatures import EVENT, known
from .._messages import AGENT, EXTENSION, Message
from . import _agents_report, _extension, _last_run, _repeated, _signs
from ._services import exit_code

_OWN_PROGRAM = re.compile(r"IaaSBcdrExtension|IaasVmProvider", re.IGNORECASE)
_NEEDED = {"VSS": "vss_service", "COMSysApp": "comsysapp", "MSDTC": "msdtc", "KeyIso": "keyiso"}
"""Services of a run, and the check of each."""
_NEVER_STARTED = 1077
_EXCEPTION_CODE = 6
"""The place of the number in the data of the event with which Windows records a crash."""


def told(state: WindowsState) -> Iterator[Message]:
    """What may name a cause, each with the check that reports it."""
    if state.get("extension") is None:
        return
    yield from _repeated_by_agent(state)
    yield from _of_run(state)
    yield from _of_crashed_extension(state)
    yield from _of_crashed_agent(state)


def logged(state: WindowsState) -> Iterator[Named]:
    """What events near the time of a run that failed explain of it."""
    for name, row in known().items():
        if row["log"] == EVENT:
            found = _last_run.events_of_the_run(state, row.get("kind", name))
            for evidence in _signs.evidence([event for event in found if _tells(event, row)])[:1]:
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


def _repeated_by_agent(state: WindowsState) -> Iterator[Message]:
    """The error that the agent writes again and again until now."""
    agent, now = state.get("agent"), _signs.moment(state.get("captured"))
    log = agent.get("log") if agent is not None else None
    found = _repeated.ongoing(log.get("lines") or [], now) if log is not None and now else None
    if log is not None and found:
        yield Message("agent_reports_error", found.line, Evidence(str(log.get("path")), found.line), of=AGENT)


def _of_run(state: WindowsState) -> Iterator[Message]:
    """What status, log and events say of a last run that failed."""
    if text := _extension.message(state):
        yield Message("ext_status", text, Evidence("status of the snapshot extension", text))
    held = _agents_report.held(state, _last_run.last_status(state))
    if held is not None:
        yield Message("ext_status", str(held.get("status")), held.fact("status", "the agent's report"))
    path, lines = _extension.log_of_the_run(state)
    for line in lines:
        yield Message("ext_status", line, Evidence(path, line))
    # Windows says with the number of an error why a shadow copy failed, and with an exception why a program did.
    yield from _data("ext_status", _last_run.events_of_the_run(state, "vss_errors"))
    crashed = _last_run.events_of_the_run(state, "dotnet_crashes")
    yield from _data("ext_status", [event for event in crashed if _OWN_PROGRAM.search(" ".join(event.data))])


def _of_crashed_extension(state: WindowsState) -> Iterator[Message]:
    """The numbers with which the extension crashed in a run that failed."""
    crashed = _last_run.events_of_the_run(state, "application_crashes")
    yield from _numbers("av_exclusion", [event for event in crashed if _OWN_PROGRAM.search(event.data[0])])


def _of_crashed_agent(state: WindowsState) -> Iterator[Message]:
    """The numbers and exceptions with which the agent crashed."""
    crashed = _signs.events(state, "application_crashes", pattern=_signs.AGENT_CRASHED)
    yield from _numbers("agent_stable", crashed, of=AGENT)
    thrown = _signs.events(state, "dotnet_crashes", pattern=_signs.AGENT_CRASHED)
    yield from _data("agent_stable", thrown, of=AGENT)


def _data(symptom: str, events: Iterable[Facts], of: str = EXTENSION) -> Iterator[Message]:
    for event in events:
        for evidence in _signs.evidence([event]):
            yield Message(symptom, " ".join(event.data), evidence, of=of)


def _numbers(symptom: str, crashes: Iterable[Facts], of: str = EXTENSION) -> Iterator[Message]:
    for event in crashes:
        for number in event.data[_EXCEPTION_CODE : _EXCEPTION_CODE + 1]:
            for evidence in _signs.evidence([event]):
                yield Message(symptom, f"0x{number.upper().removeprefix('0X')}", evidence, of=of)
