# Copyright: (c) 2026, vmbackup.azure contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Internet settings of the machine: context for the settings of LocalSystem."""

from __future__ import annotations

from ..._engine._model import INFO, Check, Stage, Verdict, ok
from ..._engine._state import GuestState

CHECK = Check(
    aliases=("win_proxy_ie_machine_user",),
    title="Internet settings of the machine",
    severity=INFO,
    stage=Stage.STORAGE,
    needs=("proxy.machine",),
    source="VM assist for Windows; what an operator's own account uses does not matter to the agent",
)


def judge(state: GuestState) -> Verdict:
    machine = state.proxy.machine
    if state.proxy.get("per_user") == 0:
        return ok(machine.fact("ProxyServer"), why="A policy makes these settings those of every account")
    if machine.get("ProxyEnable") == 1:
        return ok(machine.fact("ProxyServer"), why="Set, but without a policy no account reads it")
    return ok()
