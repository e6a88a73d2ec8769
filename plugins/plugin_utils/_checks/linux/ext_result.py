# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The snapshot extension reported a result for its last command.

The extension writes a first status as soon as it starts. Where none follows a command, it ended before: its Python
could not load it, it was killed, or it exited early. Azure waits for the status, for hours.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, fail, not_applicable, ok, unknown, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_BACKUP, agent_file
from ._agent import running
from ._pages import SNAPSHOT_EXTENSION
from ._result_codes import TRANSITION
from ._run_end import answer_lost, crash_of_run, reasons_of_end

CHECK = Check(
    title="The extension answered its last command",
    severity=CRITICAL,
    stage=Stage.STATUS,
    needs=("extension.settings", "extension.status"),
    explained_by=(
        "ext_python_supported",
        "ext_python_path",
        "ext_present",
        "lib_dir_exec",
        "transport_certs",
        "ext_settings",
        "handler_state",
        "handler_installed",
        "disk_space",
        "agent_activity",
        "agent_service_running",
        "exthandler_running",
        "selinux",
    ),
    error_codes=("GuestAgentSnapshotTaskStatusError",),
    sources=(TROUBLESHOOT_BACKUP, SNAPSHOT_EXTENSION, agent_file("azurelinuxagent/ga/exthandlers.py")),
    advice="Fix what the last error of /var/log/azure/Microsoft.Azure.RecoveryServices.VMSnapshotLinux names"
    " (CommandExecution.log, shell.log, extension.log), then start an on-demand backup.",
)

LIMIT_S = 30 * 60
ENDED = "The snapshot extension ended without a status"


def judge(state: LinuxState) -> Verdict:
    settings, status = state.extension.settings, state.extension.status
    if settings is None:
        return not_applicable("The extension has had no command yet")
    if status is not None and status.sequence >= settings.sequence:
        crash = crash_of_run(state, settings) if status.get("code") == TRANSITION else []
        why = f"The snapshot extension began command {settings.sequence} and ended without a result"
        return fail(why, *crash, status.fact("code"), key=ENDED) if crash else ok(status.fact("sequence"))
    why = f"The snapshot extension left no status for command {settings.sequence}"
    answered = Evidence(f"{settings.origin}: newest status", None if status is None else status.sequence)
    age, reasons = settings.get("age_s"), reasons_of_end(state)
    if age is not None and age < LIMIT_S:
        return ok(settings.fact("age_s"), why="Its last command was given a moment ago")
    if "agent" in state and running(state) is False:
        return not_applicable("The agent's daemon does not run")
    if reasons:
        return fail(why, *reasons, answered, key=ENDED)
    if answer_lost(state, settings.sequence):
        return ok(answered, why="The extension noted the command as done; an update took its status away")
    # A copy of a disk may have lost the times of its files.
    known = "age_s" if age is not None else "enabled_age_s"
    age = settings.get(known)
    if age is None:
        return unknown("When the last command was given is not known", answered)
    if age < LIMIT_S:
        return ok(settings.fact(known), why="Its last command was given a moment ago")
    return warn(f"{why} for {age // 60:,} minutes", settings.fact(known), answered, key="No status for a command")
