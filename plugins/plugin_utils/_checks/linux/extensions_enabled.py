# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The agent processes extensions.

A backup is an extension: with ``Extensions.Enabled=n`` the agent runs and reports, and never starts one. Old agents do
not log a word about it. Only y and n set the switch; anything else means the default, which is y. Microsoft's page
writes ``Extensions.Enable``, which is not a key of the agent.
"""

from __future__ import annotations

from ..._engine._model import CRITICAL, Check, Fix, Stage, Verdict, by_hand, fail, ok
from ..._facts._types import LinuxState
from .._codes import NO_STATUS
from .._pages import TROUBLESHOOT_AGENT, docs_issue
from ._agent_log import logged
from ._conf import setting
from ._pages import AGENT_README

KEY = "Extensions.Enabled"

CHECK = Check(
    title="The agent processes extensions",
    severity=CRITICAL,
    stage=Stage.GOAL_STATE,
    needs=("conf.settings",),
    explained_by=("conf_path",),
    error_codes=NO_STATUS,
    remedies=("waagent_conf",),
    sources=(
        TROUBLESHOOT_AGENT,
        AGENT_README,
        docs_issue(42262, "Extensions.Enabled=n looks like GuestAgentSnapshotTaskStatusError"),
    ),
    advice=f"Set {KEY}=y in waagent.conf and restart the agent.",
)


def judge(state: LinuxState) -> Verdict:
    entry, evidence = state.conf.settings[KEY], setting(state, KEY)
    if not entry.value:
        why = f"{KEY} is switched off: the agent processes no extension, backup included"
        return fail(why, evidence, fix=Fix("waagent_conf", settings={KEY: True}))
    line = logged(state, "extensions_disabled") if "agent" in state else None
    if line:
        why = f"{KEY} was switched off when the agent started, and it was not restarted since"
        return fail(why, line, evidence, fix=by_hand("Restart the agent's service."))
    if entry.text is not None and entry.text.lower() != "y":
        return ok(evidence, why="Neither y nor n: the default applies, which is y")
    return ok(evidence)
