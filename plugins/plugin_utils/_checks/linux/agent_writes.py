# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent could write its files when it last tried.

An agent that cannot write below its directory cannot unpack the snapshot extension or store the settings of a backup.
How much space was left is not known from a saved disk, but the agent's log says whether it sufficed.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, by_hand, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent_log import logged

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
    sources=(
        agent_issue(1759, "/var/lib/waagent/history fills the disk"),
        agent_issue(2836, "1,263,464 files in /var/lib/waagent/history"),
        agent_issue(3080, "the agent uses up all inodes"),
    ),
    advice="Delete what fills the file system, such as old files in /var/lib/waagent/events and"
    " /var/lib/waagent/history, or enlarge the disk (`df -h` and `df -i` on /var/lib/waagent).",
)

REFUSED = (
    "Follow the error in this line: look in the kernel's log for errors of the disk, at quotas with `repquota -a`, at"
    " the open files of the system with `sysctl fs.file-nr`, at owner and mode of /var/lib/waagent (root, 0700), and"
    " for files that `lsattr -R /var/lib/waagent` shows as immutable (`chattr -i`). Then restart the agent."
)


def judge(state: LinuxState) -> Verdict:
    line = logged(state, "write_failed") if state.agent.log is not None else None
    if line:
        return fail("The system refused what the agent last wrote", line, fix=by_hand(REFUSED))
    if state.live:
        return not_applicable("A running system says how much space there is")
    if state.agent.log is None:
        return not_applicable("The agent has no log")
    line = logged(state, "no_space")
    if line:
        return fail("No space or inodes were left when the agent last wrote", line)
    line = logged(state, "read_only")
    if line:
        repair = by_hand(
            "Find in the kernel's log why the file system was mounted read-only, run fsck on it while it is not"
            " mounted, and mount it read-write."
        )
        return fail("The file system was read-only when the agent last wrote", line, fix=repair)
    return ok(state.agent.log.fact("size"))
