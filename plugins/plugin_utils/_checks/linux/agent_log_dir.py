# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of the extensions' logs can be used.

The agent gives every extension a directory below ``/var/log/azure``. On some versions the handler of all extensions
exits when the directory of one was removed, for example in a clean-up of ``/var/log``, and every backup fails.
"""

from __future__ import annotations

from collections.abc import Callable

from ..._engine._model import WARNING, Check, Stage, Verdict, by_hand, fail, ok, warn
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent_log import logged, logged_text

CHECK = Check(
    title="The extensions' log directory can be used",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("agent.log_dir", "agent.log"),
    explained_by=(
        "disk_space",
        "agent_installed",
    ),
    explains=("handler_state", "ext_result", "agent_reports_error"),
    sources=(agent_issue(812, "the agent fails when an extension's log directory is gone"),),
    advice="Run `install -d -o root -g root -m 0755 /var/log/azure`, then restart the agent.",
)


def judge(state: LinuxState) -> Verdict:
    directory = state.agent.log_dir
    ended = logged(state, "handler_ended")
    if ended and directory.origin in (logged_text(state, "handler_ended") or ""):
        return fail(
            "The agent's extension handler exits because the extensions' log directory was removed",
            ended,
        )
    if not directory.exists and directory.leads_to:
        return warn(
            f"The extensions' log directory is a link to {directory.leads_to}, which does not exist",
            directory.fact("leads_to"),
            fix=by_hand("Mount the file system that the link leads to, or replace the link with a directory of root."),
        )
    if not directory.exists:
        if state.agent.get("handler") or state.agent.get("status"):
            return ok(directory.fact("exists"), why="The agent makes it when the first extension is handled")
        return ok(directory.fact("exists"), why="The agent makes it with the first extension")
    if not directory.is_directory:
        return _unusable(state)(
            "The extensions' log directory is not a directory: extensions cannot log",
            directory.fact("is_directory"),
            fix=by_hand(f"Move the file {directory.origin} away and restart the agent, which creates the directory."),
        )
    if directory.get("read_only"):
        return _unusable(state)(
            f"{directory.origin} is read-only: agent and extensions cannot log",
            directory.fact("read_only"),
            key="The extensions' log directory is read-only",
            fix=by_hand("Find why its file system was mounted read-only, and remount it with `mount -o remount,rw`."),
        )
    if directory.owner != 0:
        return warn(
            f"The extensions' log directory belongs to user {directory.owner}, not to root",
            directory.fact("owner"),
            key="The extensions' log directory does not belong to root",
            fix=by_hand(f"Run `chown root:root {directory.origin}`."),
        )
    return ok(directory.fact("mode"))


def _unusable(state: LinuxState) -> Callable[..., Verdict]:
    """What it means that nothing can be logged: some extensions fail for it, others do not."""
    extension = state.get("extension")
    installed = extension.get("installed") if extension else None
    word = installed.get("status") if installed else None
    return fail if word and word.status == "NotReady" else warn
