# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verbose logging: useful while a fault is looked for, never a fault itself."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._engine._state import GuestState
from ._conf import setting

KEY = "Logs.Verbose"

CHECK = Check(
    title="Verbose logging of the agent",
    severity=INFO,
    stage=Stage.RESILIENCE,
    needs=("conf.settings",),
    source="article, issue 2: collect the agent's logs",
)


def judge(state: GuestState) -> Verdict:
    on = state.conf.settings[KEY].value
    note = "The agent logs every request; switch it off again when the logs are collected" if on else ""
    return ok(setting(state, KEY), why=note)
