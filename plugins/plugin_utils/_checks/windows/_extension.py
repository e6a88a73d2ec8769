# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension of a Windows guest: its newest version, and what is said of its last run."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._azure_host import FAILED_AT_HOST
from .._versions import newest
from . import _signs
from ._numbers import error_numbers

_BEFORE, _AFTER = datetime.timedelta(hours=1), datetime.timedelta(minutes=5)
"""How far from the end of a run what belongs to it may lie."""

_HOST_ANSWERS = (
    r"hostStatusCodeDoSnapshot\W{1,5}(\d{3})\b",
    r"do ?snapshot response\w*\W.{0,30}?StatusCode\W{1,5}(\d{3})\b",
)
"""What the Azure host answered when it was asked for the snapshot, by status and log of the extension."""

_ERROR = re.compile(r"\berror\b|exception\b", re.IGNORECASE)


def last_status(state: WindowsState) -> Facts | None:
    """The newest version's answer to its newest command; None where there is none."""
    extension = state.get("extension")
    version = newest((extension.get("versions") if extension is not None else None) or [])
    return version.get("status") if version is not None else None


def succeeded(state: WindowsState) -> bool:
    """Whether the last run is known to have succeeded."""
    status = last_status(state)
    return status is not None and status.get("status") == "success"


def not_followed_by_success(state: WindowsState, found: Iterable[Facts]) -> list[Facts]:
    """Events without the older ones where the extension has succeeded since: what those tell is over."""
    status = last_status(state)
    done = _signs.moment(status.get("time")) if status is not None and succeeded(state) else None
    return [event for event in found if done is None or (_signs.moment(event.get("time")) or done) >= done - _BEFORE]


def said(state: WindowsState, pattern: str) -> list[Evidence]:
    """What extension and agent say of a last run that failed, if that matches."""
    text = message(state)
    told = re.search(pattern, " ".join([text, *error_numbers(text)]), re.I)
    return [Evidence("status of the snapshot extension", text)] if told else []


def told_since_success(state: WindowsState, pattern: str) -> list[Evidence]:
    """What agent and extension say since the last run that succeeded, if that matches: that one had what it needed."""
    status = last_status(state)
    done = _signs.moment(status.get("time")) if status is not None and succeeded(state) else None
    _signs.need(state, "agent.log", *(["agent.log.lines"] if state.agent.get("log") is not None else []))
    return [*_signs.in_agent_log(state, pattern, after=done), *said(state, pattern)]


def message(state: WindowsState) -> str:
    """What extension and agent say of a last run that failed; empty without."""
    parts: list[object] = []
    status = last_status(state)
    if status is not None and status.get("status") != "success":
        parts.append(status.get("message"))
    told = reported(state)
    if told is not None:
        parts.append(told.get("result_message"))
    held = _held(state, status)
    if held is not None:
        parts.append(held.get("message"))
    return "\n".join(str(part) for part in parts if part)


def held(state: WindowsState, version: Facts) -> Facts | None:
    """The agent's word on an installed version, where it is not ready and no success of the extension came later."""
    return _held(state, version.get("status"), version.get("version"))


def reported(state: WindowsState) -> Facts | None:
    """The agent's report of a run that failed, where the extension's own status of it is gone."""
    extension, agent = state.get("extension"), state.get("agent")
    version = newest((extension.get("versions") if extension is not None else None) or [])
    report = agent.get("aggregate") if agent is not None else None
    if version is None or version.get("status") is not None or report is None:
        return None
    for handler in report.get("handlers") or []:
        own = "VMSnapshot" in str(handler.get("name")) and handler.get("version") == version.get("version")
        if own and handler.get("result") == "error":
            return handler
    return None


def _held(state: WindowsState, status: Facts | None, version: object = None) -> Facts | None:
    agent = state.get("agent")
    report = agent.get("aggregate") if agent is not None else None
    if report is None:
        return None
    for handler in report.get("handlers") or []:
        if "VMSnapshot" not in str(handler.get("name")) or version not in (None, handler.get("version")):
            continue
        if str(handler.get("status")).lower() in ("notready", "unresponsive"):
            return None if _healed(report, status) else handler
    return None


def _healed(report: Facts, status: Facts | None) -> bool:
    """The extension succeeded after the agent wrote its report."""
    if status is None or status.get("status") != "success":
        return False
    told, done = _signs.moment(report.get("written")), _signs.moment(status.get("time"))
    return bool(told and done and done > told)


def refused_by_host(state: WindowsState) -> tuple[int, Evidence] | None:
    """The Azure host's answer, as a number and as evidence, where it failed with the last run; None where not."""
    path, lines = log_of_the_run(state)
    for place, text in (("status of the snapshot extension", message(state)), *((path, line) for line in lines)):
        for pattern in _HOST_ANSWERS:
            answer = re.search(pattern, text, re.IGNORECASE)
            if answer:
                return (int(answer[1]), Evidence(place, text)) if int(answer[1]) >= FAILED_AT_HOST else None
    return None


def events_of_the_run(state: WindowsState, kind: str, *ids: int) -> list[Facts]:
    """Events of one kind at the time of a run that failed, newest first."""
    log = state.get("events")
    found = (log.get(kind) if log is not None else None) or []
    return [event for event in found if (not ids or event.id in ids) and in_failed_run(state, event.get("time"))]


def log_of_the_run(state: WindowsState) -> tuple[str, list[str]]:
    """The extension's log, and the errors that it wrote at the time of a run that failed, newest first."""
    extension = state.get("extension")
    log = extension.get("log") if extension is not None else None
    if log is None:
        return "", []
    lines = [line for line in reversed(log.get("lines") or []) if _ERROR.search(line)]
    return str(log.get("path")), [line for line in lines if in_failed_run(state, line)]


def run_failed(state: WindowsState) -> bool:
    """Whether the extension itself says that its last run failed."""
    status = last_status(state)
    return status is not None and status.get("status") == "error"


def in_failed_run(state: WindowsState, time: object) -> bool:
    """Whether something was at the time of a last run that failed."""
    status = last_status(state)
    if status is None or not run_failed(state):
        return False
    run, then = _signs.moment(status.get("time")), _signs.moment(time)
    return bool(run and then and run - _BEFORE <= then <= run + _AFTER)
