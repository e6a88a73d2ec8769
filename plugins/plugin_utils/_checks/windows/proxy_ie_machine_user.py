# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine-wide Internet settings, as context for those of LocalSystem.

They apply to an account only where a policy (ProxySettingsPerUser=0) makes them apply to all. The settings of the
operator's own account never matter to the agent.
"""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._facts._types import WindowsState
from ._pages import VM_ASSIST_WINDOWS

CHECK = Check(
    aliases=("win_proxy_ie_machine_user",),
    title="Machine-wide Internet settings are known",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("proxy.machine",),
    sources=(VM_ASSIST_WINDOWS,),
)


def judge(state: WindowsState) -> Verdict:
    machine = state.proxy.machine
    if state.proxy.get("per_user") == 0:
        return ok(machine.fact("ProxyServer"), why="A policy applies these settings to every account")
    if machine.get("ProxyEnable") == 1:
        return ok(machine.fact("ProxyServer"), why="Set, but without a policy no account reads it")
    return ok()
