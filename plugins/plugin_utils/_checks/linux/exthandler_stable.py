# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension handler does not crash on start.

The daemon starts a handler that exits at once again and again, and no extension ever runs. Known reasons are an
installation of two versions mixed, and old agents that start their handler with the first ``python`` in PATH, which may
not be the one that has the agent's package. A full disk, an unreadable goal state and a missing log directory
make the handler exit too; checks of their own explain these.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import agent_issue
from ._agent import running, status_is_fresh
from ._agent_log import logged, logged_text
from ._pages import UPDATE_AGENT_LINUX

CHECK = Check(
    aliases=("exthandler_crash_loop",),
    title="The extension handler does not crash on start",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.log",),
    explained_by=(
        "proxy_waagent_conf",
        "python_usable",
    ),
    remedies=("agent_version",),
    sources=(
        UPDATE_AGENT_LINUX,
        agent_issue(2336, "a handler that crashes is started without a pause"),
        agent_issue(2802, "the handler gets another Python than the daemon"),
        agent_issue(2126, "the handler is started with a Python that does not exist"),
    ),
    advice="Upgrade or reinstall the agent's package from the distribution's repository and restart the agent. If the"
    " error stays, correct what it names: most often another `python` or `python3` first in the service's PATH.",
)

LOOP = 3
MESSAGES = ("handler_launch_failed", "handler_crash", "handler_ended")

OTHER_CAUSES = ("'etype'", "No space left", "Read-only file system", "/var/log/azure/")
"""Ends that checks of their own explain: an unreadable goal state, a full or read-only disk, a log directory."""


def judge(state: LinuxState) -> Verdict:
    log = state.agent.log
    if log is None:
        return ok(why="The agent has not logged anything")
    if running(state) is False:
        return not_applicable("The daemon does not run")
    lines = [logged(state, name) for name in MESSAGES if _is_own(state, name)]
    reasons = [line for line in lines if line]
    often = log.handler_starts >= LOOP or logged(state, "handler_launch_failed")
    if not reasons or status_is_fresh(state) or not often:
        return ok(log.fact("handler_starts"))
    return fail(
        "The extension handler exits right after each start",
        *reasons,
        log.fact("handler_starts"),
        fix=Fix("agent_version", state="latest"),
    )


def _is_own(state: LinuxState, name: str) -> bool:
    """The log holds this message, and no check of its own explains the line."""
    text = logged_text(state, name)
    return text is not None and not any(other in text for other in OTHER_CAUSES)
