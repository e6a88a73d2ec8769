# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The extension got its last command in time.

A backup's command carries the time at which Azure gave it. The extension rejects one that is older than 140 minutes
with code 402: usually the agent was down, or the guest was too slow to take the order.
"""

from __future__ import annotations

from ..._engine._model import WARNING, Check, Stage, Verdict, not_applicable, ok, warn
from ..._facts._types import LinuxState
from .._pages import extension_file
from ._last_run import ended_with

CHECK = Check(
    aliases=("command_too_late",),
    title="Commands reach the extension in time",
    severity=WARNING,
    stage=Stage.STATUS,
    needs=("extension.installed", "extension.status"),
    explained_by=(
        "exthandler_running",
        "agent_auto_restart",
        "clock_skew",
        "cpu_load",
        "memory_use",
    ),
    sources=(extension_file("handle.py"), extension_file("freezesnapshotter.py")),
    advice="Find in /var/log/waagent.log why the agent did not run or was slow at that time, then start an on-demand"
    " backup.",
)


def judge(state: LinuxState) -> Verdict:
    if state.extension.installed is None:
        return not_applicable("The extension is not installed yet")
    late = ended_with(state, 402)
    return warn("The last command took more than 140 minutes to reach the extension", late) if late else ok()
