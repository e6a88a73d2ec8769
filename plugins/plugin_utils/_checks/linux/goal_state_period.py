# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent looks for work every few seconds.

In each round the agent fetches its goal state, runs what it finds there and reports its status. The command of a backup
waits for the next round, and Azure takes an agent that has not reported for minutes for one that is not ready.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Fix, Stage, Verdict, ok, warn
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT
from ._conf import setting
from ._pages import AGENT_README

KEY = "Extensions.GoalStatePeriod"

CHECK = Check(
    title="The agent looks for work often enough",
    severity=WARNING,
    stage=Stage.GOAL_STATE,
    needs=("conf.settings",),
    explained_by=("conf_path",),
    explains=("command_in_time", "agent_status"),
    remedies=("waagent_conf",),
    sources=(AGENT_README, TROUBLESHOOT_AGENT),
    advice=f"Remove the line {KEY} from waagent.conf, so that its default of 6 seconds counts, and restart the agent.",
)

LONG_S = 300
"""Five minutes: as often as an agent reports whose extensions are switched off."""


def judge(state: LinuxState) -> Verdict:
    period = state.conf.settings[KEY].value
    if not isinstance(period, int) or period <= LONG_S:
        return ok(setting(state, KEY))
    return warn(
        f"The agent waits {period:,} s between two looks for work",
        setting(state, KEY),
        key=f"{KEY} is longer than five minutes",
        fix=Fix("waagent_conf", confirm=True, settings={KEY: None}),
    )
