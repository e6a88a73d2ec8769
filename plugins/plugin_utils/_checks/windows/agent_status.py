# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent calls itself ready and uploads its status.

Azure Backup asks Azure, not the guest, whether the agent is alive. An agent that runs but does not get its status to
Azure counts as not responding there, and the backup fails before a snapshot is tried. The agent uploads every few
minutes, so an hour without an upload is a failure.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, by_hand, fail, not_applicable, ok, warn
from ..._facts._types import WindowsState
from . import _times
from ._advice import RESTART_AGENT
from ._agents_report import READY
from ._needed import need
from ._pages import TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_aggregate_status",),
    title="The agent reports to Azure that it is ready",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.aggregate",),
    explained_by=(
        "guestagent_running",
        "hostga_tcp_32526",
        "proxy_reachable",
        "npcap_loopback",
        "tenant_cert",
        "agent_stable",
        "disk_space",
    ),
    advice=(
        f"Run {RESTART_AGENT}. If the agent is not ready ten minutes later, read "
        r"C:\WindowsAzure\Logs\WaAppAgent.log."
    ),
    sources=(TROUBLESHOOT_AGENT_WINDOWS, VM_ASSIST_WINDOWS),
)

MAX_MINUTES = 60
OPEN_THE_WAY = (
    "Check the ways that the upload can take: 'Test-NetConnection 168.63.129.16 -Port 32526' must succeed, or the VM "
    r"must reach Azure Storage on TCP 443. C:\WindowsAzure\Logs\WaAppAgent.log names the error."
)


def judge(state: WindowsState) -> Verdict:
    status = state.agent.aggregate
    if status is None:
        return not_applicable("The agent has not written a status yet")
    path = status.get("path")
    if str(status.get("status")).lower() not in READY:
        return fail(
            f"The agent reports {status.status}: {status.get('message') or 'no reason given'}",
            status.fact("status", path),
            key=f"agent reports {status.status}",
        )
    written, uploaded = _times.moment(status.get("written")), _times.moment(status.get("uploaded"))
    if written and uploaded and (written - uploaded).total_seconds() > 60 * MAX_MINUTES:
        return warn(
            f"The agent's last upload of its status is more than {MAX_MINUTES} minutes old",
            status.fact("uploaded", path),
            status.fact("written"),
            fix=by_hand(OPEN_THE_WAY),
        )
    silent = _silent(state, status.modified)
    if silent is not None and silent > MAX_MINUTES:
        shown = [status.fact("modified", path)]
        log = state.agent.get("log")
        quiet = _silent(state, log.get("last")) if log is not None else None
        if quiet is not None and quiet > MAX_MINUTES:
            hours = int(min(silent, quiet)) // 60
            why = f"The agent has written neither its status nor its log for {hours:,} hours"
            return fail(why, *shown, log.fact("last", log.path), key="The agent is silent")
        return warn(f"The agent has not written its status for more than {MAX_MINUTES} minutes", *shown)
    need(state, "agent.aggregate.written", "agent.aggregate.uploaded")
    return ok(status.fact("status", path), status.fact("uploaded", path))


def _silent(state: WindowsState, last: object) -> float | None:
    """For how many minutes the agent has been silent: a machine that is off writes nothing."""
    since = [_times.minutes_before_capture(state, time) for time in (last, state.identity.get("boot_time"))]
    return None if since[0] is None else min(minutes for minutes in since if minutes is not None)
