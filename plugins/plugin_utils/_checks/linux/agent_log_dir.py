# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of the extensions' logs can be used."""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, fail, ok, warn
from ..._engine._state import GuestState
from ._agent import logged

CHECK = Check(
    title="The extensions' log directory exists",
    severity=WARNING,
    stage=Stage.HANDLER,
    needs=("agent.log_dir",),
    explained_by=(
        "disk_space",
        "agent_installed",
    ),
    source="WALinuxAgent issue 812: removing /var/log/azure broke extensions on some versions",
)


def judge(state: GuestState) -> Verdict:
    directory = state.agent.log_dir
    ended = logged(state, "handler_ended")
    if ended and directory.origin in str(ended.value):
        return fail("The agent's handler ends because the extensions' log directory was removed", ended)
    if not directory.exists:
        if state.agent.get("handler") or state.agent.get("status"):
            return ok(directory.fact("exists"), why="The agent makes it when the first extension is handled")
        return ok(directory.fact("exists"), why="The agent makes it with the first extension")
    if not directory.is_directory:
        return warn(
            "The extensions' log directory is no directory: extensions cannot log", directory.fact("is_directory")
        )
    if directory.owner != 0:
        return warn("The extensions' log directory does not belong to root", directory.fact("owner"))
    return ok(directory.fact("mode"))
