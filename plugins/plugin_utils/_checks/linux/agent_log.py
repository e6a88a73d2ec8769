# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's log has a size that does no harm.

``/var/log/waagent.log`` is the first thing that support asks for. An extension handler that crashes in a loop once
filled a whole OS disk with it.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, by_hand, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_issue

CHECK = Check(
    aliases=("agent_logs",),
    title="The agent's log has a size that does no harm",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("agent.log",),
    explained_by=(
        "exthandler_stable",
        "agent_goal_state",
    ),
    sources=(TROUBLESHOOT_AGENT, agent_issue(2336, "a crash loop filled the disk with waagent.log")),
    advice="Read its last lines for what repeats, fix that, then run `truncate -s 0 /var/log/waagent.log` and check"
    " /etc/logrotate.d/waagent.logrotate.",
)

LARGE = 1 << 30


def judge(state: LinuxState) -> Verdict:
    log = state.agent.log
    if log is None and state.agent.get("log_is_file") is False:
        return warn(
            "The agent keeps no log: something else than a file is in its place",
            state.agent.fact("log_is_file", "/var/log/waagent.log"),
            fix=by_hand("Move it away, or remove the link, then restart the agent, which makes the file."),
        )
    if log is None:
        return ok(why="The agent has no log: it never ran, or its log was removed")
    if log.size > LARGE:
        return warn(f"The agent's log has grown to {log.size / LARGE:.1f} GiB", log.fact("size"), key="huge log")
    return ok(log.fact("size"), *([log.fact("last_line_age_s")] if log.get("last_line_age_s") is not None else []))
