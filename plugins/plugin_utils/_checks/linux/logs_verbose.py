# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verbose logging helps while a fault is looked for. It is never a fault itself, but it fills the disk if it is
forgotten."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._facts._types import LinuxState
from .._pages import TROUBLESHOOT_AGENT
from ._conf import setting
from ._pages import AGENT_README

KEY = "Logs.Verbose"

CHECK = Check(
    title="Verbose logging of the agent is off",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("conf.settings",),
    sources=(
        AGENT_README,
        TROUBLESHOOT_AGENT,
    ),
    advice="Set Logs.Verbose=n in waagent.conf and restart the agent once the logs are collected.",
)


def judge(state: LinuxState) -> Verdict:
    on = state.conf.settings[KEY].value
    note = "The agent logs every request" if on else ""
    return ok(setting(state, KEY), why=note)
