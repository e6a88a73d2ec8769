# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What messages of a guest name as causes, by the table ``_knowledge/messages.yml``.

A message stands with the check that reports it. The check that it names is its cause, also where that one's facts are
in order by now: it was otherwise when the message was written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from .._engine._model import LINUX, Evidence, Named
from .._engine._state import Facts, GuestState
from .._facts._types import WindowsState
from .._knowledge import rows
from .._signatures import EVENT, known
from .linux._agent import message
from .windows import _extension, _repeated, _signs
from .windows._numbers import error_numbers

EXTENSION, AGENT = "extension", "agent"
"""Whose words a message is."""


_CODE = re.compile(r"\b(?:UserError)?(?:Extension|GuestAgent)\w+")
"""Codes of Azure Backup as they stand in messages."""

_OWN_PROGRAM = re.compile(r"IaaSBcdrExtension|IaasVmProvider", re.IGNORECASE)
_EXCEPTION_CODE = 6
"""The place of the number in the data of the event with which Windows records a crash."""


class Message(NamedTuple):
    """A message of a guest: the check that reports it, its text, and the result code that comes with it."""

    symptom: str
    text: str
    evidence: Evidence
    number: int | None = None
    of: str = EXTENSION


class _Row(NamedTuple):
    """A row of the table: what names a cause, in whose words, and whether it counts only where its check finds it."""

    cause: str
    pattern: re.Pattern[str]
    codes: frozenset[str]
    numbers: frozenset[int]
    of: str | None
    found: bool


@functools.cache
def _table() -> tuple[_Row, ...]:
    table = []
    for row in rows("messages"):
        codes = row.get("codes", ())
        # The name of a code stands in messages as a word, at times with other words grown to its front.
        texts = [rf"\w*{code}\b" for code in codes] + list(row.get("texts", ()))
        pattern = re.compile("|".join(f"(?:{text})" for text in texts), re.IGNORECASE)
        numbers = frozenset(row.get("numbers", ()))
        table.append(_Row(row["cause"], pattern, frozenset(codes), numbers, row.get("of"), row.get("found", False)))
    return tuple(table)


def coded(code: str) -> list[str]:
    """The checks that an error code of Azure Backup names."""
    return [row.cause for row in _table() if code in row.codes]


def named(state: GuestState) -> list[Named]:
    """All causes that the messages of a state name, each once per check that reports it."""
    found: dict[tuple[str, str], Named] = {}
    # The number of an error tells more than that of the event around it.
    for one in _messages(state):
        told = list(_rows_for(one.text, one.number, one.of))
        broad = [row.cause for row in told if _only_by_code(row, one)]
        for row in told:
            # The code of Azure Backup names what failed, and what else stands in the message why that did.
            for symptom in (one.symptom, *(broad if row.cause not in broad else ())):
                found.setdefault((symptom, row.cause), Named(symptom, row.cause, one.evidence, row.found))
    for named_by_log in _logged(state):
        found.setdefault((named_by_log.symptom, named_by_log.cause), named_by_log)
    return list(found.values())


def _logged(state: GuestState) -> Iterator[Named]:
    """What known texts of logs explain beyond the check that they feed."""
    if state["platform"] != LINUX:
        yield from _events(state)
        return
    agent = state.get("agent")
    for log in (agent.get("log"), agent.get("system_log")) if agent is not None else ():
        for name in log.current if log is not None else ():
            row, entry = known().get(name, {}), log.current[name]
            if entry.get("age_s") is None or entry.age_s <= row.get("within_s", entry.age_s):
                for symptom in row.get("explains", ()):
                    yield Named(symptom, row["check"], message(entry, entry.origin))


def _events(state: GuestState) -> Iterator[Named]:
    """What events of Windows near the time of a run that failed explain of it."""
    for name, row in known().items():
        if row["log"] == EVENT:
            found = _extension.events_of_the_run(state, row.get("kind", name))  # type: ignore[arg-type]
            told = [event for event in found if _tells(event, row)]
            for evidence in _signs.evidence(told)[:1]:
                for symptom in row["explains"]:
                    yield Named(symptom, row["check"], evidence)


def _tells(event: Facts, row: Mapping) -> bool:
    """Whether an event has one of the numbers of a row and its data one of the texts; a row without takes any."""
    data = " ".join(map(str, event.get("data") or [])).lower()
    texts, ids = row.get("any"), row.get("ids")
    if any(text.lower() in data for text in row.get("without", ())):
        return False
    return (ids is None or event.id in ids) and (texts is None or any(text.lower() in data for text in texts))


def causes(text: str, number: int | None = None, of: str = EXTENSION) -> list[str]:
    """The checks that a message names."""
    return [row.cause for row in _rows_for(text, number, of)]


def _rows_for(text: str, number: int | None, of: str) -> Iterator[_Row]:
    said = " ".join([text, *error_numbers(text)])
    for row in _table():
        if row.of in (None, of) and (number in row.numbers or row.pattern.search(said)):
            yield row


def _only_by_code(row: _Row, one: Message) -> bool:
    """Whether only the code of Azure Backup in a message names the cause of a row."""
    return bool(row.codes) and not (row.pattern.search(_CODE.sub(" ", " ".join([one.text, *error_numbers(one.text)]))))


def _messages(state: GuestState) -> Iterator[Message]:
    agent, extension = state.get("agent"), state.get("extension")
    if agent is not None and state["platform"] == LINUX:
        yield from _of_crash(agent.get("system_log"))
    if extension is None:
        return
    if state["platform"] == LINUX:
        yield from _of_linux(extension)
    else:
        yield from _repeated_by_agent(state)  # type: ignore[arg-type]
        if text := _extension.message(state):  # type: ignore[arg-type]
            yield Message("ext_status", text, Evidence("status of the snapshot extension", text))
        path, lines = _extension.log_of_the_run(state)  # type: ignore[arg-type]
        for line in lines:
            yield Message("ext_status", line, Evidence(path, line))
        # Windows says with the number of an error why a shadow copy failed, and with an exception why a program did.
        told = _extension.events_of_the_run(state, "vss_errors")  # type: ignore[arg-type]
        crashed = _extension.events_of_the_run(state, "dotnet_crashes")  # type: ignore[arg-type]
        told += [event for event in crashed if _OWN_PROGRAM.search(" ".join(event.data))]
        for event in told:
            for evidence in _signs.evidence([event]):
                yield Message("ext_status", " ".join(event.data), evidence)
        yield from _of_windows_crashes(state)  # type: ignore[arg-type]


def _of_windows_crashes(state: WindowsState) -> Iterator[Message]:
    """The numbers with which the extension crashed in a run that failed, and numbers and exceptions of the agent."""
    own = _extension.events_of_the_run(state, "application_crashes")
    yield from _of_crashes("av_exclusion", [event for event in own if _OWN_PROGRAM.search(event.data[0])], EXTENSION)
    agents = _signs.events(state, "application_crashes", pattern=_signs.AGENT_CRASHED)
    yield from _of_crashes("agent_stable", agents, AGENT)
    for event in _signs.events(state, "dotnet_crashes", pattern=_signs.AGENT_CRASHED):
        for evidence in _signs.evidence([event]):
            yield Message("agent_stable", " ".join(event.data), evidence, of=AGENT)


def _of_crashes(symptom: str, crashes: Iterable[Facts], of: str) -> Iterator[Message]:
    for event in crashes:
        for number in event.data[_EXCEPTION_CODE : _EXCEPTION_CODE + 1]:
            for evidence in _signs.evidence([event]):
                yield Message(symptom, f"0x{number.upper().removeprefix('0X')}", evidence, of=of)


def _repeated_by_agent(state: WindowsState) -> Iterator[Message]:
    """The error that the agent writes again and again until now."""
    agent, now = state.get("agent"), _signs.moment(state.get("captured"))
    log = agent.get("log") if agent is not None else None
    found = _repeated.ongoing(log.get("lines") or [], now) if log is not None and now else None
    if log is not None and found:
        yield Message("agent_reports_error", found.line, Evidence(str(log.get("path")), found.line), of=AGENT)


def _of_crash(system: Facts | None) -> Iterator[Message]:
    """What the system's logs have of the agent's end, where the agent wrote nothing after it."""
    crash = system.get("crash") if system is not None else None
    if crash is not None and not crash.over:
        for symptom in ("agent_service_running", "agent_activity"):
            shown = Evidence(f"{crash.origin}: last traceback of the agent", crash.text)
            yield Message(symptom, crash.text, shown, of=AGENT)


def _of_linux(extension: Facts) -> Iterator[Message]:
    status, run = extension.get("status"), extension.get("last_run")
    if status is not None and status.get("message"):
        yield Message("ext_status", status.message, status.fact("message"), status.get("code"))
    for line in run.get("errors") or () if run is not None else ():
        yield Message("ext_status", line, Evidence(run.origin, line))
    installed = extension.get("installed")
    places = (
        ("handler_state", installed.get("status") if installed is not None else None, "message"),
        ("handler_installed", installed.get("status") if installed is not None else None, "message"),
        ("handler_state", extension.get("agent_log"), "detail"),
        ("handler_installed", extension.get("agent_log"), "detail"),
        ("ext_result", extension.get("agent_log"), "detail"),
        ("ext_result", extension.get("command"), "detail"),
        ("ext_result", run, "crash"),
    )
    for symptom, said, name in places:
        if said is not None and said.get(name):
            yield Message(symptom, said[name], said.fact(name))
