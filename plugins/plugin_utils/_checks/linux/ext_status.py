# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last backup succeeded, by the snapshot extension's own result.

How the last attempt ended is the best sign of how the next one will, as long as nothing changed. The extension's status
word says success for every outcome, so the code counts. Some codes say little about the next attempt, and a result from
before the last reboot is old.
"""

from __future__ import annotations

import datetime

from ....module_utils._guest.handlers import COMMAND_LIMIT_S
from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._clock import iso
from .._pages import TROUBLESHOOT_BACKUP, extension_file
from ._last_run import Result, captured, last_result, refused_by_host
from ._pages import SNAPSHOT_EXTENSION
from ._result_codes import NETWORK_CODES, PASSING, TRANSITION, meaning

CHECK = Check(
    title="The last backup succeeded",
    severity=WARNING,
    stage=Stage.STATUS,
    needs=("extension.installed",),
    explained_by=(
        "freeze_timeout",
        "fs_freezable",
        "network_mount",
        "ext_settings",
        "command_in_time",
        "snapshot_limit_flag",
        "prepost_config",
        "workload_conf",
        "host_presnapshot",
        "storage_https_443",
    ),
    error_codes=("ExtensionSnapshotFailedNoNetwork",),
    sources=(TROUBLESHOOT_BACKUP, SNAPSHOT_EXTENSION, extension_file("ExtensionErrorCodeHelper.py")),
    advice="Read the end of /var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux/extension.log for the"
    " reason, fix that, and start an on-demand backup.",
)


def judge(state: LinuxState) -> Verdict:
    if state.extension.installed is None:
        return not_applicable("The extension is not installed yet")
    result = last_result(state)
    if result is None:
        return ok(why="No backup has ended yet")
    if result.good:
        return _still_running(state, result) or ok(result.evidence)
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


def _message(state: LinuxState) -> list[Evidence]:
    """What the extension says beside its code, which alone may mean little."""
    status = state.extension.status
    return [status.fact("message")] if status is not None and status.get("message") else []


def _since(result: Result) -> str | None:
    written = result.written
    return None if written is None else iso(datetime.datetime.fromtimestamp(written, datetime.timezone.utc))


def _still_running(state: LinuxState, result: Result) -> Verdict | None:
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
