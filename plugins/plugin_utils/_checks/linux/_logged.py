# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What logs of a Linux guest name as causes, beyond the checks that they feed."""

from __future__ import annotations

from collections.abc import Iterator

from ..._engine._model import Named
from ..._engine._state import MissingFact
from ..._facts._types import LinuxState
from ..._signatures import known
from ._agent_log import message
from ._last_run import last_result
from ._result_codes import TRANSITION, UNSPECIFIC


def logged(state: LinuxState) -> Iterator[Named]:
    """What known texts of logs explain beyond the check that they feed."""
    agent = state.get("agent")
    for log in (agent.get("log"), agent.get("system_log")) if agent is not None else ():
        for name in log.current if log is not None else ():
            row, entry = known().get(name, {}), log.current[name]
            if entry.get("age_s") is None or entry.age_s <= row.get("within_s", entry.age_s):
                for symptom in row.get("explains", ()):
                    if symptom != "ext_status" or not row.get("unspecific") or _without_a_code(state):
                        yield Named(symptom, row["check"], message(entry, entry.origin))


def _without_a_code(state: LinuxState) -> bool:
    """Whether the last run of the snapshot extension has no code of its own: it did not end, or with another error."""
    try:
        result = last_result(state) if "extension" in state else None
    except MissingFact:
        return True
    return result is None or result.code in (UNSPECIFIC, TRANSITION)
