# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts on the last run of the snapshot extension on Linux: it failed, or it never ended."""

from __future__ import annotations

import datetime

from ....module_utils._guest.handlers import COMMAND_LIMIT_S
from ..._engine._model import Evidence, Verdict, by_hand, fail, ok, warn
from ..._facts._types import LinuxState
from .._times import captured, iso
from ._extension import refused_by_host
from ._last_run import Result
from ._result_codes import NETWORK_CODES, PASSING, TRANSITION, meaning


def failed(state: LinuxState, result: Result) -> Verdict:
    """The verdict on a last run that ended with an error."""
    why = f"The last backup ended with code {result.code}: {meaning(result.code)}"
    if result.before_boot:
        return warn(f"{why}; the system has rebooted since", result.evidence)
    host = refused_by_host(state) if result.code in NETWORK_CODES else None
    if host is not None:
        # What looks like the guest's network was an error of the host.
        answer, shown = host
        return warn(f"{why}; the Azure host itself answered {answer}", result.evidence, shown)
    judged = warn if result.code in PASSING else fail
    return judged(why, result.evidence, *_message(state), since=_since(result))


def unfinished(state: LinuxState, result: Result) -> Verdict | None:
    """The verdict where the last run began and is overdue."""
    age = _age(state, result) if result.code == TRANSITION else None
    if age is None or age < COMMAND_LIMIT_S:
        return None
    if result.before_boot or _restarted(state, age):
        return ok(result.evidence, why="Earlier: a backup was interrupted by a reboot")
    return fail(
        "The last backup began and never ended",
        result.evidence,
        since=_since(result),
        fix=by_hand(
            "Look for a process that hangs with `pgrep -af VMSnapshotLinux`, end it, and start an on-demand backup. If"
            " it cannot be ended, reboot the VM."
        ),
    )


def _message(state: LinuxState) -> list[Evidence]:
    """What the extension says beside its code, which alone may mean little."""
    status = state.extension.status
    return [status.fact("message")] if status is not None and status.get("message") else []


def _since(result: Result) -> str | None:
    written = result.written
    return None if written is None else iso(datetime.datetime.fromtimestamp(written, datetime.timezone.utc))


def _age(state: LinuxState, result: Result) -> int | None:
    """Seconds since the run began. A disk has the clock of its logs: the agent's has the time of the command."""
    if state.live:
        return None if result.written is None else captured(state) - result.written
    settings = state.extension.get("settings")
    return None if settings is None else settings.enabled_age_s


def _restarted(state: LinuxState, age: int) -> bool:
    """Whether the agent of a disk started after the run began: a disk that was restored from that run goes on so."""
    log = state.agent.get("log") if "agent" in state else None
    started = log.get("last_start_age_s") if log is not None else None
    return not state.live and started is not None and started < age
