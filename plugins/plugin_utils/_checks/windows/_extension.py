# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension of a Windows guest: its newest version, and what is said of its last run."""

from __future__ import annotations

import re

from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import WindowsState
from .._versions import newest


def last_status(state: WindowsState) -> Facts | None:
    """The newest version's answer to its newest command; None where there is none."""
    extension = state.get("extension")
    version = newest((extension.get("versions") if extension is not None else None) or [])
    return version.get("status") if version is not None else None


def succeeded(state: WindowsState) -> bool:
    """Whether the last run is known to have succeeded."""
    status = last_status(state)
    return status is not None and status.get("status") == "success"


def said(state: WindowsState, pattern: str) -> list[Evidence]:
    """What extension and agent say of a last run that failed, if that matches."""
    text = message(state)
    return [Evidence("status of the snapshot extension", text)] if re.search(pattern, text, re.I) else []


def message(state: WindowsState) -> str:
    """What extension and agent say of a last run that failed; empty without."""
    parts: list[object] = []
    status = last_status(state)
    if status is not None and status.get("status") != "success":
        parts.append(status.get("message"))
    agent = state.get("agent")
    aggregate = agent.get("aggregate") if agent is not None else None
    for handler in (aggregate.get("handlers") or []) if aggregate is not None else []:
        if "VMSnapshot" in str(handler.get("name")) and str(handler.get("status")).lower() != "ready":
            parts.append(handler.get("message"))
    return "\n".join(str(part) for part in parts if part)
