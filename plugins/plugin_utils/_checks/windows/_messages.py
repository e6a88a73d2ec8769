# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of a Windows guest: what the extension, the agent, their logs and events say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._messages import AGENT, EXTENSION, Message
from . import _agents_report, _events, _extension, _last_run, _repeated, _run_events, _times

_OWN_PROGRAM = re.compile(r"IaaSBcdrExtension|IaasVmProvider", re.IGNORECASE)
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


def _repeated_by_agent(state: WindowsState) -> Iterator[Message]:
    """The error that the agent writes again and again until now."""
    agent, now = state.get("agent"), _times.moment(state.get("captured"))
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
    yield from _data("ext_status", _run_events.of_failed_run(state, "vss_errors"))
    crashed = _run_events.of_failed_run(state, "dotnet_crashes")
    yield from _data("ext_status", [event for event in crashed if _OWN_PROGRAM.search(" ".join(event.data))])


def _of_crashed_extension(state: WindowsState) -> Iterator[Message]:
    """The numbers with which the extension crashed in a run that failed."""
    crashed = _run_events.of_failed_run(state, "application_crashes")
    yield from _numbers("av_exclusion", [event for event in crashed if _OWN_PROGRAM.search(event.data[0])])


def _of_crashed_agent(state: WindowsState) -> Iterator[Message]:
    """The numbers and exceptions with which the agent crashed."""
    crashed = _events.crashes_of_agent(state, "application_crashes")
    yield from _numbers("agent_stable", crashed, of=AGENT)
    thrown = _events.crashes_of_agent(state, "dotnet_crashes")
    yield from _data("agent_stable", thrown, of=AGENT)


def _data(symptom: str, events: Iterable[Facts], of: str = EXTENSION) -> Iterator[Message]:
    for event in events:
        for evidence in _events.evidence([event]):
            yield Message(symptom, " ".join(event.data), evidence, of=of)


def _numbers(symptom: str, crashes: Iterable[Facts], of: str = EXTENSION) -> Iterator[Message]:
    for event in crashes:
        for number in event.data[_EXCEPTION_CODE : _EXCEPTION_CODE + 1]:
            for evidence in _events.evidence([event]):
                yield Message(symptom, f"0x{number.upper().removeprefix('0X')}", evidence, of=of)
