# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's log repeats no error that is unknown here.

An agent with a fault that no other check knows still says so: it writes the same line in every round of its work. A
line that comes now and then, or that successful rounds follow, says little.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, not_applicable, ok, warn
from ..._engine._state import Facts
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_file
from .._rounds import goes_on
from ._agent import status_is_fresh
from ._agent_log import message
from ._pages import AGENT_KNOWN_ISSUES

CHECK = Check(
    title="The agent does not repeat an unknown error",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.log",),
    explained_by=(
        "agent_goal_state",
        "exthandler_stable",
        "agent_status",
        "agent_writes",
        "disk_space",
        "openssl",
        "agent_certificates",
        "handler_state",
        "other_extensions",
    ),
    sources=(TROUBLESHOOT_AGENT, AGENT_KNOWN_ISSUES, agent_file("azurelinuxagent/ga/update.py")),
    advice="Search for the line among the issues of github.com/Azure/WALinuxAgent, update the agent and restart it. If"
    " the error stays, open a support request with the line and /var/log/waagent.log.",
)


def judge(state: LinuxState) -> Verdict:
    log = state.agent.log
    if log is None:
        return not_applicable("The agent has no log")
    found = next((one for one in log.repeated if _goes_on(state, one)), None)
    if found is None:
        return ok(log.fact("size"))
    return warn(
        f"The agent has written the same error {found.count:,} times in the last hour, the last time"
        f" {found.age_s // 60} minutes ago",
        message(found, f"{log.origin}: {found.count} times, every {found.every_s} s"),
        Evidence(f"{log.origin}: a successful round since", not found.since_success),
        key=f"The agent repeats an error: {found.text[:60]}",
    )


def _goes_on(state: LinuxState, found: Facts) -> bool:
    """It comes in every round until now, and nothing shows that the agent works in spite of it."""
    if not goes_on(found.every_s, found.age_s) or not found.since_success:
        return False
    return found.level == "error" or not status_is_fresh(state)
