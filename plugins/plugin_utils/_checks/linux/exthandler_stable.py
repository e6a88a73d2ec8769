# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension handler stays up once it is started."""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Stage, Verdict, fail, not_applicable, ok
from ..._engine._state import GuestState
from ._agent import logged, running, status_is_fresh

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
    source="WALinuxAgent issues 2336, 2802, 2126: the daemon starts a handler again and again that ends at once",
)

LOOP = 3

OTHER_CAUSES = ("'etype'", "No space left", "Read-only file system", "/var/log/azure/")
"""Ends that checks of their own explain: an unreadable goal state, a full or read-only disk, a log directory."""


def judge(state: GuestState) -> Verdict:
    log = state.agent.log
    if log is None:
        return ok(why="The agent has not logged anything")
    if running(state) is False:
        return not_applicable("The daemon does not run")
    launch, crash, ended = (logged(state, name) for name in ("handler_launch_failed", "handler_crash", "handler_ended"))
    reasons = [line for line in (launch, crash, ended) if line and not any(text in line.value for text in OTHER_CAUSES)]
    if not reasons or status_is_fresh(state) or (log.handler_starts < LOOP and not launch):
        return ok(log.fact("handler_starts"))
    return fail("The extension handler ends right after each start", *reasons, log.fact("handler_starts"))
