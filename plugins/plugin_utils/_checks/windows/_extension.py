# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of the last run of the snapshot extension on Windows: by itself, the agent, and the Azure host."""

from __future__ import annotations

import re

from ..._engine._model import Evidence
from ..._facts._types import WindowsState
from .._azure_host import FAILED_AT_HOST
from . import _agent_log
from ._agents_report import held, reported
from ._last_run import last_status, time_of_success
from ._needed import need
from ._numbers import with_errors
from ._run_events import in_failed_run

_HOST_ANSWERS = (
    r"hostStatusCodeDoSnapshot\W{1,5}(\d{3})\b",
    r"do ?snapshot response\w*\W.{0,30}?StatusCode\W{1,5}(\d{3})\b",
)
"""What the Azure host answered when it was asked for the snapshot, by status and log of the extension."""

_ERROR = re.compile(r"\berror\b|exception\b", re.IGNORECASE)


def said(state: WindowsState, pattern: str) -> list[Evidence]:
    """What extension and agent say of a last run that failed, if that matches."""
    text = message(state)
    told = re.search(pattern, with_errors(text), re.I)
    return [Evidence("status of the snapshot extension", text)] if told else []


def told_since_success(state: WindowsState, pattern: str) -> list[Evidence]:
    """What agent and extension say since the last run that succeeded, if that matches: that one had what it needed."""
    done = time_of_success(state)
    need(state, "agent.log", *(["agent.log.lines"] if state.agent.get("log") is not None else []))
    return [*_agent_log.lines(state, pattern, after=done), *said(state, pattern)]


def message(state: WindowsState) -> str:
    """What extension and agent say of a last run that failed; empty without."""
    parts: list[object] = []
    status = last_status(state)
    if status is not None and status.get("status") != "success":
        parts.append(status.get("message"))
    told = reported(state)
    if told is not None:
        parts.append(told.get("result_message"))
    word = held(state, status)
    if word is not None:
        parts.append(word.get("message"))
    return "\n".join(str(part) for part in parts if part)


def refused_by_host(state: WindowsState) -> tuple[int, Evidence] | None:
    """The Azure host's answer, as a number and as evidence, where it failed with the last run; None where not."""
    path, lines = log_of_the_run(state)
    for place, text in (("status of the snapshot extension", message(state)), *((path, line) for line in lines)):
        for pattern in _HOST_ANSWERS:
            answer = re.search(pattern, text, re.IGNORECASE)
            if answer:
                return (int(answer[1]), Evidence(place, text)) if int(answer[1]) >= FAILED_AT_HOST else None
    return None


def log_of_the_run(state: WindowsState) -> tuple[str, list[str]]:
    """The extension's log, and the errors that it wrote at the time of a run that failed, newest first."""
    extension = state.get("extension")
    log = extension.get("log") if extension is not None else None
    if log is None:
        return "", []
    lines = [line for line in reversed(log.get("lines") or []) if _ERROR.search(line)]
    return str(log.get("path")), [line for line in lines if in_failed_run(state, line)]
