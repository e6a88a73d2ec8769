# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""On a saved disk the agent wrote its log as long as the guest was up.

A saved disk has no processes to look at. An agent that works writes a line at least every half an hour, so a guest
whose other logs go on for hours after the agent's last line had no agent by then. The system's logs often have the
reason.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Evidence, Stage, Verdict, by_hand, fail, not_applicable, ok
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT, agent_file
from ._agent_log import UNIT_ENDED, UNIT_FAILED, UNIT_LEFT_OUT, UNIT_STOPPED, last_words, log_count, logged

CHECK = Check(
    title="The agent worked until the guest's last moment",
    severity=CRITICAL,
    stage=Stage.AGENT,
    needs=("agent.log",),
    explained_by=(
        "agent_installed",
        "agent_unmasked",
        "agent_service_enabled",
        "agent_unit",
        "agent_unit_conditions",
        "agent_default_gate",
        "python_usable",
        "agent_writes",
        "lib_dir_exec",
        "agent_disable_marker",
        "exthandler_stable",
        "provisioning_finished",
        "conf_path",
    ),
    explains=("wire_http_80",),
    sources=(TROUBLESHOOT_AGENT, agent_file("azurelinuxagent/ga/update.py")),
    advice="Start the guest, run `systemctl status walinuxagent waagent`, fix the reason that it names and start the"
    " agent. If its package is damaged, reinstall it from the distribution's repository.",
)

SILENT_S = 3 * 3600
"""Six heartbeats."""

ZONES_S = 14 * 3600
"""What local time can be away from UTC."""

ENDS = (UNIT_FAILED, UNIT_STOPPED, UNIT_LEFT_OUT, UNIT_ENDED)
"""What systemd says of a service that it ended, or did not start, and that it has not started since."""

LOOP = 3
REMOVE_PID_FILE = "Stop the agent, remove /run/waagent.pid (/var/run/waagent.pid), and start the agent."

STAYED_DOWN_S = 3600
"""Two heartbeats: no restart of the service and no shutdown of the guest takes that long."""


def judge(state: LinuxState) -> Verdict:
    if state.live:
        return not_applicable("A running system shows the agent's processes")
    system = state.agent.system_log
    if system is None:
        return not_applicable("There are no logs of the system to compare with")
    crash, failed = system.crash, system.current.get(UNIT_FAILED)
    reasons = last_words(system)
    if crash and crash.over is False:
        return fail(f"The agent ended with an error: {crash.text}", *reasons, key=f"The agent ended: {crash.text}")
    taken = logged(state, "already_running")
    if taken and log_count(state, "already_running") >= LOOP:
        why = "The agent exits at each start, because another process has the number in its PID file"
        return fail(why, taken, *reasons, fix=by_hand(REMOVE_PID_FILE))
    if failed and failed.count >= LOOP:
        return fail("systemd started the agent's service again and again, and it failed each time", *reasons)
    log, silent = state.agent.log, system.silent_s
    if silent is not None and silent > SILENT_S + (0 if system.universal else ZONES_S):
        line = Evidence(f"{system.newest_in}: seconds after the last line of waagent.log", silent)
        return fail(
            f"The agent wrote nothing for the last {silent // 3600:,} hours of the guest",
            line,
            *reasons,
            key="The agent was silent at the end",
        )
    down = next((entry for entry in map(system.current.get, ENDS) if entry), None)
    after = down.get("age_s") if down is not None else None
    # The system's own clock tells how long it went on; the agent's last line must be as old.
    if log is not None and after is not None and silent is not None and silent + 60 >= after > STAYED_DOWN_S:
        why = f"The agent's service ended {after // 60:,} minutes before the guest did and was not started again"
        return fail(why, *reasons, key="The agent's service ended and was not started again")
    if log is None and failed:
        return fail("The agent's service failed to start, and it has no log", *reasons)
    return ok(*([log.fact("last_line_age_s")] if log and log.get("last_line_age_s") is not None else []))
