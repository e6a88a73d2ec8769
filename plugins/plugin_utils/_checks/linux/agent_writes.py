# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a saved disk the log says whether the agent could still write: free space is not known there."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok
from ..._engine._state import GuestState
from ._agent import logged

CHECK = Check(
    aliases=("agent_write_errors",),
    title="The agent could write its files",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.log",),
    explained_by=(
        "disk_space",
        "lib_dir_exec",
    ),
    source="WALinuxAgent issues 1759, 2836, 3080: no space or inodes left under the agent's directory",
)


def judge(state: GuestState) -> Verdict:
    if state.live:
        return not_applicable("A running system says how much space there is")
    if state.agent.log is None:
        return not_applicable("The agent has no log")
    for name, why in (("no_space", "No space or inodes were left"), ("read_only", "The file system was read-only")):
        line = logged(state, name)
        if line:
            return fail(f"{why} when the agent last wrote", line)
    return ok(state.agent.log.fact("size"))
