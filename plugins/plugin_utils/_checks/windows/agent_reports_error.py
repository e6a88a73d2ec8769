# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent's log repeats no error that is unknown here.

An agent with a fault that no other check knows still says so: it writes the same line in every round of its work. An
error that comes now and then, or that ended before the guest was probed, says little.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Stage, Verdict, not_applicable, ok, unknown, warn
from ..._facts._types import WindowsState
from .._rounds import ROUNDS_S
from ._pages import TROUBLESHOOT_AGENT_WINDOWS
from ._repeated import ongoing
from ._set_off import set_off
from ._times import minutes_before_capture, moment

CHECK = Check(
    title="The agent does not repeat an unknown error",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("agent.log",),
    explained_by=(
        "agent_status",
        "agent_stable",
        "agent_folder_acl",
        "crypto_dirs_acl",
        "machinekeys_acl",
        "tenant_cert",
        "dotnet",
        "machine_config",
        "disk_space",
        "wire_http_80",
        "hostga_tcp_32526",
        "other_extensions",
        "ext_status",
    ),
    sources=(TROUBLESHOOT_AGENT_WINDOWS,),
    advice=r"Update the agent and restart the service RdAgent. If the error stays, open a support request with the line"
    r" and C:\WindowsAzure\Logs\WaAppAgent.log.",
)


def judge(state: WindowsState) -> Verdict:
    log, now = state.agent.log, moment(state["captured"])
    if log is None:
        return not_applicable("The agent has no log")
    if now is None:
        return unknown("When the guest was probed is not known")
    found = ongoing(log.lines, now, warnings=not _works(state))
    if found is None:
        return ok(Evidence(log.path, log.last))
    seconds = int(found.every.total_seconds())
    return warn(
        f"The agent has written the same error {found.times:,} times in the last hour",
        Evidence(f"{log.path}: {found.times} times, every {seconds} s", found.line),
        *set_off(state, found.first),
        key=f"The agent repeats an error: {found.line.partition(']  ')[2][:60]}",
    )


def _works(state: WindowsState) -> bool:
    """The agent has called itself ready within the last rounds of its work."""
    report = state.agent.get("aggregate")
    if report is None or str(report.get("status")).lower() != "ready":
        return False
    age = minutes_before_capture(state, report.modified)
    return age is None or age <= ROUNDS_S / 60
