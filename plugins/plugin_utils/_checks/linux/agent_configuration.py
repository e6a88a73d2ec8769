# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running agent has read its present configuration.

The agent reads waagent.conf when it starts, and systemd gives it the environment that its unit, drop-ins and
environment files name at that moment. A change that is not followed by a restart has no effect, for example when a fix
was interrupted. Restart= and start limits count at once. vmbackup.conf is not judged: the snapshot extension reads it
for each backup.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Evidence, Fix, Stage, Verdict, not_applicable, ok, unknown, warn
from ..._facts._types import LinuxState
from .._pages import agent_file
from ._advice import RESTART
from ._pages import AGENT_README

CHECK = Check(
    title="The agent started after its configuration was last changed",
    severity=WARNING,
    stage=Stage.RESILIENCE,
    needs=("agent.daemon", "agent.start_files"),
    remedies=("waagent_service",),
    sources=(AGENT_README, agent_file("azurelinuxagent/common/conf.py")),
    advice=f"Restart the agent: {RESTART}. If systemd warns that a unit changed on disk, run `systemctl daemon-reload`"
    " first.",
)
READING_S = 1
"""The agent reads its file within this time of its start."""

FIX = Fix("waagent_service", state="restarted")


def judge(state: LinuxState) -> Verdict:
    daemon, files = state.agent.daemon, state.agent.start_files
    if daemon is None:
        return not_applicable("The daemon does not run")
    if daemon.age_s is None:
        return unknown("The daemon ended while it was looked at")
    newer = [file for file in files if 0 <= file.age_s < daemon.age_s - READING_S]
    if newer:
        evidence = [Evidence(f"{file.path}: age_s", file.age_s) for file in newer]
        why = f"The agent runs with an older configuration: {newer[0].path} was changed after it started"
        key = "The agent runs with an older configuration"
        return warn(why, *evidence, daemon.fact("age_s"), key=key, fix=FIX)
    ahead = [file for file in files if file.age_s < 0]
    if ahead:
        why = "The time of a configuration file lies in the future, so whether the agent has read it is not known"
        return unknown(why, *[Evidence(file.path, f"changed in {-file.age_s} s") for file in ahead])
    return ok(daemon.fact("age_s"))
