# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last run of the snapshot extension on Linux: its result."""

from __future__ import annotations

import dataclasses

from ....module_utils._guest.handlers import GOOD_CODES
from ..._engine._model import Evidence
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._times import captured
from ._result_codes import FREEZE_TIMEOUT, STEP_CODES, TIMED_OUT, UNSPECIFIC


@dataclasses.dataclass(frozen=True)
class Result:
    """The extension's last result. ``before_boot``: it is older than the running system."""

    code: int
    evidence: Evidence
    written: int | None
    before_boot: bool

    @property
    def good(self) -> bool:
        return self.code in GOOD_CODES


def last_result(state: LinuxState) -> Result | None:
    """The last result: of the status file, else of the log. None when there is none. Raises MissingFact."""
    status, run = state.extension.status, state.extension.get("last_run")
    if status is not None and status.code is not None:
        written = status.written
        told = Result(status.code, status.fact("code"), written, _before_boot(state, written))
        return _by_step(run, told) if run is not None and run.code in (None, UNSPECIFIC) else told
    if run is None:
        return None
    return _by_step(run, None if run.code is None else Result(run.code, run.fact("code"), None, False))


def known_result(state: LinuxState) -> Result | None:
    """The last result; None also where the state does not tell it."""
    return last_result(state) if "extension" in state and "status" in state.extension else None


def _by_step(run: Facts, told: Result | None) -> Result | None:
    """The result that the failed step of a run names, where its code names none; else what is told."""
    if told is not None and told.code != UNSPECIFIC:
        return told
    for failure in run.failures:
        if failure.step in STEP_CODES:
            written, before_boot = (told.written, told.before_boot) if told else (None, False)
            return Result(STEP_CODES[failure.step], failure.fact("mount"), written, before_boot)
    if TIMED_OUT in run.signatures and told is not None:
        return dataclasses.replace(told, code=FREEZE_TIMEOUT)
    return told


def ended_with(state: LinuxState, *codes: int) -> Evidence | None:
    """Evidence that the last backup ended with one of the codes; None when not, or when it is not known."""
    result = known_result(state)
    return result.evidence if result is not None and result.code in codes else None


def ended_well(state: LinuxState) -> bool:
    """Whether the last backup is known to have ended well."""
    return ended_with(state, 0, 1, 3) is not None


def _before_boot(state: LinuxState, written: int | None) -> bool:
    uptime = state.identity.get("uptime_s") if "identity" in state else None
    return written is not None and uptime is not None and written < captured(state) - uptime
