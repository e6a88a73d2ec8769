# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's extension handler runs next to the daemon.

The daemon starts a child with ``-run-exthandlers``, and that child alone processes extensions: while it does not run,
no backup can start, though the service looks healthy. A daemon that started a moment ago may not have started it yet.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Fix, Stage, Verdict, fail, not_applicable, ok, unknown
from ..._facts._types import LinuxState
from .._codes import NO_REPORT
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._advice import RESTART
from ._agent import SETTLED_S
from ._agent_log import logged

CHECK = Check(
    title="The agent's extension handler runs",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.daemon", "agent.handler"),
    explained_by=(
        "provisioning_finished",
        "agent_goal_state",
        "exthandler_stable",
    ),
    error_codes=NO_REPORT,
    remedies=("waagent_service",),
    sources=(TROUBLESHOOT_AGENT, agent_file("azurelinuxagent/ga/update.py")),
    advice=f"Restart the agent: {RESTART}. If the handler does not come up, /var/log/waagent.log holds the reason.",
)

FIX = Fix("waagent_service", slow=True, state="restarted")


def judge(state: LinuxState) -> Verdict:
    daemon, handler = state.agent.daemon, state.agent.handler
    if daemon is None:
        return not_applicable("The daemon does not run")
    if handler is not None and handler.get("state") == "T":
        return fail("The agent's extension handler is suspended by a signal", handler.fact("state"), fix=FIX)
    if handler is not None:
        return ok(handler.fact("pid"))
    evidence = [Evidence("processes", "no waagent -run-exthandlers"), daemon.fact("age_s")]
    if (daemon.age_s or 0) < SETTLED_S and not state.agent.get("disabled_by"):
        return unknown("The daemon started a moment ago; its handler is not there yet", *evidence)
    ended = logged(state, "handler_launch_failed") or logged(state, "handler_ended")
    also = [ended] if ended else []
    return fail("The daemon runs without its extension handler: no backup can start", *evidence, *also, fix=FIX)
