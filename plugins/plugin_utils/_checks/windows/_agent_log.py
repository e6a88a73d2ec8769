# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What WaAppAgent.log, the log of the agent on Windows, says: an old error is history, not a state."""

from __future__ import annotations

import datetime
import re

from ..._engine._model import Evidence
from ..._facts._types import WindowsState
from ._numbers import with_errors
from ._times import booted, moment, not_before


def lines(
    state: WindowsState, pattern: str, healed_by: str | None = None, after: datetime.datetime | None = None
) -> list[Evidence]:
    """Lines that match and that nothing healed later: no later line of success that the probe keeps, no boot.

    ``after``: older lines do not count; one without a time does.
    """
    agent = state.get("agent")
    log = agent.get("log") if agent is not None else None
    if log is None:
        return []
    found: list[Evidence] = []
    for line in log.get("lines") or []:
        if healed_by and re.search(healed_by, line, re.I):
            found = []
        elif re.search(pattern, with_errors(line), re.I) and (
            after is None or (moment(line) or datetime.datetime.max) > after
        ):
            found.append(Evidence(str(log.get("path")), line))
    started, last = booted(state), moment(log.get("last"))
    if started and last and last >= started:
        found = [item for item in found if not_before(item.value, started)]
    return found
